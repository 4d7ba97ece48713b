import Rasters

/// The working space of colours with alpha: what they look like on a background.
///
/// With c = α r the premultiplied sample (0 to 255) and A = 255 α, a colour on
/// black, on mid-grey (127.5) and on white shows c, c + (255 − A)/2 and
/// c + 255 − A. The squared difference of two colours, averaged over the three
/// backgrounds, is for each channel
///
///     (Δc² + (Δc − ΔA/2)² + (Δc − ΔA)²)/3 = (Δc − ΔA/2)² + ΔA²/6
///
/// so with the coordinates u = c + (255 − A)/2 of each channel and A/√2, the
/// plain squared distance is exactly that average, summed over the three
/// channels. An opaque colour has u = r, and colours that are hardly there are
/// near each other whatever their samples are.
package enum CompositeSpace {
  /// 1/√2.
  static let alphaScale = 0.5.squareRoot()

  /// The coordinates of a colour: u for red, green and blue, 0 to 255, and A/√2.
  package static func point(_ color: SIMD4<UInt16>) -> SIMD4<Double> {
    let share = Double(color.w) / 65_535
    let rest = 127.5 * (1 - share)
    return SIMD4(
      Double(color.x) / 257 * share + rest,
      Double(color.y) / 257 * share + rest,
      Double(color.z) / 257 * share + rest, 255 * share * alphaScale)
  }

  /// The coordinates of complete transparency.
  static let transparent = SIMD4(127.5, 127.5, 127.5, 0)

  /// The coordinates of a colour of 8 bits a sample.
  static func point(_ color: RGBColor, alpha: UInt8) -> SIMD4<Double> {
    point(
      SIMD4(
        UInt16(color.red) * 257, UInt16(color.green) * 257,
        UInt16(color.blue) * 257, UInt16(alpha) * 257))
  }

  /// The colour of 8 bits a sample that is nearest to a point, but for rounding
  /// one sample after the other: alpha first.
  ///
  /// - Parameters:
  ///   - point: Any finite coordinates.
  ///   - isOpaque: Whether alpha is 255 whatever the point says; it is 1 to 254
  ///     otherwise, or what of that has fewer bits.
  ///   - posterization: The bits that samples have.
  /// - Returns: The colour and its alpha.
  static func color(
    _ point: SIMD4<Double>, isOpaque: Bool, _ posterization: Posterization
  ) -> (color: RGBColor, alpha: UInt8) {
    let alpha =
      isOpaque
      ? 255
      : Double(
        max(
          posterization.leastAboveZero,
          posterization.nearest(
            to: min(254, max(1, point.w / alphaScale)))))
    let rest = (255 - alpha) / 2
    func sample(_ u: Double) -> UInt8 {
      posterization.nearest(to: min(255, max(0, (u - rest) * 255 / alpha)))
    }
    return (
      RGBColor(
        red: sample(point.x), green: sample(point.y), blue: sample(point.z)),
      UInt8(alpha)
    )
  }
}
