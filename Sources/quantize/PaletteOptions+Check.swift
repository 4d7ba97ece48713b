import QuantizeKit

extension PaletteOptions {
  /// Whether the number of colours is chosen.
  var choosesColors: Bool {
    colors == .automatic || targetPsnr != nil || targetDeltaE != nil
  }

  /// Refuses options that contradict each other about the number of colours.
  func check() throws(QuantizeError) {
    if let initialMeans, initialMeans.isEmpty {
      throw .usage("the file name of --init is empty")
    }
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
      guard criterion == nil else {
        throw .usage(
          "--criterion contradicts \(option): k is chosen by one of them")
      }
      guard initialMeans == nil else {
        throw .usage(
          "\(option) contradicts --init, whose colours say what k is")
      }
    }
    if initialMeans != nil, colors == .automatic {
      throw .usage("-k auto contradicts --init, whose colours say what k is")
    }
    guard !choosesColors else { return }
    if criterion != nil {
      throw .usage("--criterion is for choosing k; add -k auto")
    }
    if kMax != nil {
      throw .usage("--k-max is for choosing k; add -k auto or a target")
    }
  }
}
