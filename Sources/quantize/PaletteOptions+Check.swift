import QuantizeKit

extension PaletteOptions {
  /// Whether the number of colours is chosen.
  var choosesColors: Bool {
    colors == .automatic || targetPsnr != nil || targetDeltaE != nil
      || quality != nil
  }

  /// The option that names a file of colours that stay as they are, if one does.
  var given: String? {
    if paletteFile != nil { return "--palette" }
    return map == nil ? nil : "--map"
  }

  /// The option that names a file of colours, if one does.
  private var source: String? { initialMeans == nil ? given : "--init" }

  /// The options that name files of colours.
  var files: [(option: String, value: String?)] {
    [("--init", initialMeans), ("--palette", paletteFile), ("--map", map)]
  }

  /// Refuses what contradicts itself.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    for (option, value) in files where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
    let named = files.filter { $0.value != nil }.map(\.option)
    guard named.count <= 1 else {
      throw .usage(
        "\(named[0]) contradicts \(named[1]): colours come from one of them")
    }
    if let source, !pins.isEmpty {
      throw .usage(
        "--pin contradicts \(source), whose colours are the palette; leave one "
          + "out")
    }
    try checkTargets()
    try checkQuality()
    try checkSource()
    guard !choosesColors else { return }
    if criterion != nil {
      throw .usage("--criterion is for choosing k; add -k auto")
    }
    if kMax != nil {
      throw .usage("--k-max is for choosing k; add -k auto or a target")
    }
  }

  private func checkTargets() throws(QuantizeError) {
    let targets: [(option: String, value: Double?)] = [
      ("--target-psnr", targetPsnr), ("--target-delta-e", targetDeltaE),
    ]
    for (option, value) in targets {
      guard let value else { continue }
      guard value >= 0, value.isFinite else {
        throw .usage("\(option) must be a number, 0 or more, not \(value)")
      }
      if let number = colors?.number {
        throw .usage(
          "-k \(number) contradicts \(option), which chooses k; leave one out")
      }
      guard quality == nil else {
        throw .usage(
          "--quality contradicts \(option): k is chosen by one of them")
      }
      try checkChooser(option)
    }
  }

  /// With a quality, -k is the most that there may be, as pngquant has it.
  private func checkQuality() throws(QuantizeError) {
    guard quality != nil else { return }
    if let number = colors?.number, kMax != nil {
      throw .usage(
        "-k \(number) contradicts --k-max: with --quality both are the most "
          + "colours; leave one out")
    }
    try checkChooser("--quality")
  }

  /// Refuses other ways to say what k is beside an option that chooses it.
  private func checkChooser(_ option: String) throws(QuantizeError) {
    guard criterion == nil else {
      throw .usage(
        "--criterion contradicts \(option): k is chosen by one of them")
    }
    if let source {
      throw .usage(
        "\(option) contradicts \(source), whose colours say what k is")
    }
  }

  private func checkSource() throws(QuantizeError) {
    guard let source, let colors else { return }
    switch colors {
    case .automatic:
      throw .usage(
        "-k auto contradicts \(source), whose colours say what k is")
    case .number(let number):
      guard let given else { return }
      throw .usage(
        "-k \(number) contradicts \(given), whose colours say what k is")
    }
  }
}
