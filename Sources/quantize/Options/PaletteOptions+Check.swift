import QuantizeKit

extension PaletteOptions {
  /// The options that are given and exclude or need others.
  var given: [GivenOption] {
    var given =
      GivenOption.list([
        "--k-max": kMax != nil, "--criterion": criterion != nil,
        "--target-psnr": targetPsnr != nil,
        "--target-delta-e": targetDeltaE != nil, "--quality": quality != nil,
        "--init": initialMeans != nil, "--palette": paletteFile != nil,
        "--map": map != nil,
        "--posterize": (posterize ?? 0) != 0, "--pins-first": pinsFirst,
        "--keep-palette": keepPalette,
        "--transparent-index": transparentIndex != nil,
        "--from-image": fromImage,
      ]) + pins.given
    switch colors {
    case .number(let number):
      given.append(GivenOption("-k <n>", shown: "-k \(number)"))
    case .automatic:
      given.append(GivenOption("-k auto"))
    case nil:
      break
    }
    return given
  }

  /// The options whose requirements hold for a palette.
  static let needing: Set = [
    "--criterion", "--k-max", "--pins-first", "--keep-palette",
  ]

  /// Whether the number of colours is chosen.
  var choosesColors: Bool {
    colors == .automatic || targetPsnr != nil || targetDeltaE != nil
      || quality != nil
  }

  /// The options that name files of colours.
  var files: [(option: String, value: String?)] {
    [("--init", initialMeans), ("--palette", paletteFile), ("--map", map)]
  }

  /// The files of colours that are given.
  var readFiles: [FileLocation] {
    files.compactMap(\.value).map { FileLocation(argument: $0) }
  }

  /// Refuses empty names, and targets below 0.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    for (option, value) in files where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
    let targets: [(option: String, value: Double?)] = [
      ("--target-psnr", targetPsnr), ("--target-delta-e", targetDeltaE),
    ]
    for (option, value) in targets {
      if let value, value < 0 {
        throw .usage("\(option) must be 0 or more, not \(value)")
      }
    }
  }
}
