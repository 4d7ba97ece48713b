public import TruncatedEM

extension MixtureModel {
  /// A model whose means are colours, for `QuantizerOptions.Start.means`.
  ///
  ///     let model = try MixtureModel(colors: [
  ///       SIMD4(255, 0, 0, 255), SIMD4(20.5, 30, 40, 255),
  ///     ])
  ///     let image = try Quantizer(QuantizerOptions(start: .means(model)))
  ///       .quantize(pixels)
  ///
  /// - Parameter colors: Red, green, blue and alpha, not premultiplied, each
  ///   from 0 to 255; at least one colour. It gives means of dimension 4 where
  ///   one of them is not opaque, or else of dimension 3.
  /// - Throws: `QuantizationError.meanOutOfRange` for a number outside, or
  ///   `.fit` where there are no colours or too many.
  /// - Complexity: O(colours).
  public init(colors: [SIMD4<Double>]) throws(QuantizationError) {
    for (number, color) in colors.enumerated() {
      for d in 0..<4 where !(0...255).contains(color[d]) {
        throw .meanOutOfRange(number)
      }
    }
    let dimension = colors.contains { $0.w < 255 } ? 4 : 3
    self = try rethrowing { () throws(FitError) in
      guard !colors.isEmpty else { throw .components(0) }
      return try MixtureModel(
        means: colors.flatMap { color in (0..<dimension).map { color[$0] } },
        dimension: dimension)
    }
  }
}
