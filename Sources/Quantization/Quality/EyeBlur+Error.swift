extension EyeBlur {
  /// λ: with it, photographs and icons come out as SSIMULACRA2 has them.
  private static let grain = 0.25

  /// How much error the eye sees in a dithered image.
  ///
  /// Dithering makes every pixel worse and the picture better: errors that
  /// neighbours make up for are seen less. With e the errors of the pixels and g
  /// the blur, it is Σ e·(g∗e) + λ Σ |e|², the measure of M. Analoui and J. P.
  /// Allebach, "Model-based halftoning using direct binary search", SPIE 1666,
  /// 1992, with a part for the grain.
  ///
  /// - Parameters:
  ///   - errors: Row by row.
  ///   - width: Pixels in a row.
  /// - Returns: 0 only where all errors are 0.
  /// - Complexity: O(18 pixels).
  package func seenError(_ errors: [SIMD4<Float>], width: Int) -> Double {
    zip(errors, blurred(errors, width: width)).reduce(0.0) { sum, pair in
      let (error, seen) = pair
      return sum + Double((error * seen).sum())
        + Self.grain * Double((error * error).sum())
    }
  }
}
