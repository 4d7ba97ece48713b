package import Quantization

extension FittedPalette {
  /// Lines about what may surprise in the palette.
  ///
  /// - Parameter remedy: Whether the image could be written in 16 bits.
  /// - Returns: Each a line for a person.
  package func warnings(remedy: Bool = false) -> [String] {
    [roundingWarning(remedy: remedy), selectionWarning].compactMap(\.self)
  }

  /// A line that says how many colours rounding to 8 bits has left.
  ///
  /// - Parameter remedy: Whether the image could be written in 16 bits.
  /// - Returns: The line; `nil` where all are left.
  private func roundingWarning(remedy: Bool) -> String? {
    roundingLoss.map {
      "k \($0.asked) \(selection == nil ? "asked for" : "chosen"), "
        + "\($0.left) left after rounding to 8 bits"
        + (remedy ? "; use --output-depth 16" : "")
    }
  }

  /// A line that says that an information criterion found no clusters; `nil`
  /// where it found some, or was not asked.
  private var selectionWarning: String? {
    guard case .criterion = selection?.choice.rule,
      fit.model.components + histogram.separateEntries == 1,
      histogram.visible.count > 1
    else { return nil }
    return
      "one colour is best by this criterion; for more, give -k or a target "
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
