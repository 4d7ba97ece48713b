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

extension QuantizeOptions {
  /// Whether nothing excludes `--output-depth 16`.
  var canBeDeep: Bool {
    encoding.format == .png && !encoding.optimizes
      && quantizer.dither.method == .none
  }
}
