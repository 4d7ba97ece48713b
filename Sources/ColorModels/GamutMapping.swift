/// Brings colours into a gamut: their hue and lightness stay, their chroma is
/// lowered as far as needed.
///
/// The lightness and hue are those of Oklab. A colour in the gamut is returned as it
/// is, and the way is continuous: where colours change slowly, so do those that are
/// returned, and no bands appear.
public struct GamutMapping: Sendable {
  /// The gamut.
  public let gamut: RGBGamut

  /// How far samples may be outside, for rounding.
  private static let tolerance = 1e-9

  /// Halvings of the chroma: 2⁻²⁶ is far less than a step of 16 bits.
  private static let halvings = 26

  /// Prepares to bring colours into a gamut.
  public init(_ gamut: RGBGamut) { self.gamut = gamut }

  /// Brings a colour into the gamut.
  ///
  /// - Parameter encoded: Red, green and blue samples, any numbers.
  /// - Returns: Samples of 0 to 1.
  /// - Complexity: O(1).
  public func inside(_ encoded: SIMD3<Double>) -> SIMD3<Double> {
    if contains(encoded) { return clamped(encoded) }
    let color = WorkingSpace.oklab.coordinates(ofEncoded: encoded, in: gamut)
    let lightness = min(1, max(0, color.x))
    var (least, most) = (0.0, 1.0)
    for _ in 0..<Self.halvings {
      let middle = (least + most) / 2
      if contains(samples(lightness, color, middle)) {
        least = middle
      } else {
        most = middle
      }
    }
    return clamped(samples(lightness, color, least))
  }

  private func samples(
    _ lightness: Double, _ color: SIMD3<Double>, _ chroma: Double
  ) -> SIMD3<Double> {
    WorkingSpace.oklab.encoded(
      SIMD3(lightness, chroma * color.y, chroma * color.z), in: gamut)
  }

  private func contains(_ encoded: SIMD3<Double>) -> Bool {
    encoded.min() >= -Self.tolerance && encoded.max() <= 1 + Self.tolerance
  }

  private func clamped(_ encoded: SIMD3<Double>) -> SIMD3<Double> {
    encoded.clamped(
      lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 1))
  }
}
