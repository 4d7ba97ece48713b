import Quantization

extension FittedPalette {
  /// A line that says how many colours rounding to 8 bits has left.
  ///
  /// - Parameter remedy: Whether the image could be written in 16 bits.
  /// - Returns: The line; `nil` where all are left.
  func roundingWarning(remedy: Bool) -> String? {
    roundingLoss.map {
      "k \($0.asked) asked for, \($0.left) left after rounding to 8 bits"
        + (remedy ? "; use --output-depth 16" : "")
    }
  }
}

extension FittedPalette {
  /// A line that says that an information criterion found no clusters. With
  /// C' = 1 it finds none in most grey pictures: halving a cluster gains what it
  /// costs.
  ///
  /// - Returns: The line; `nil` where there are clusters or no criterion.
  func selectionWarning() -> String? {
    guard case .criterion = selection?.choice.rule, palette.entries.count == 1,
      histogram.visible.count > 1
    else { return nil }
    return "one colour is best by this criterion; try --cprime 4, or a target "
      + "such as --target-psnr 35"
  }
}

extension QuantizeOptions {
  /// Whether nothing excludes `--output-depth 16`.
  var canBeDeep: Bool {
    encoding.format == .png && !encoding.optimizes
      && quantizer.dither.method == .none
  }
}
