/// A density as JFIF says it: whole numbers of 16 bits in inches, in
/// centimetres or as a ratio.
struct JPEGDensity: Equatable {
  /// 0 for a ratio, 1 for pixels an inch, 2 for pixels a centimetre.
  let unit: UInt8
  let horizontal: UInt16
  let vertical: UInt16

  /// The nearest that JFIF can say, or `nil` where that is nothing.
  init?(_ density: PixelDensity) {
    let pair = (Double(density.horizontal), Double(density.vertical))
    switch density.unit {
    case .meter:
      let inches = Self(unit: 1, scaling: pair, by: 0.0254)
      let centimeters = Self(unit: 2, scaling: pair, by: 0.01)
      guard let inches else { return nil }
      guard let centimeters else {
        self = inches
        return
      }
      // Most densities are whole in one of the two.
      func error(_ density: Self, _ factor: Double) -> Double {
        abs(Double(density.horizontal) / (pair.0 * factor) - 1)
          + abs(Double(density.vertical) / (pair.1 * factor) - 1)
      }
      self =
        error(centimeters, 0.01) < error(inches, 0.0254) ? centimeters : inches
    case .unknown:
      let common = Double(
        Self.divisor(density.horizontal, density.vertical))
      let most = max(pair.0, pair.1) / common
      let ratio = Self(
        unit: 0, scaling: pair, by: min(1, 65_535 / most) / common)
      guard let ratio else { return nil }
      self = ratio
    }
  }

  private init?(unit: UInt8, scaling pair: (Double, Double), by factor: Double)
  {
    let range = 1.0...65_535
    let horizontal = (pair.0 * factor).rounded()
    let vertical = (pair.1 * factor).rounded()
    guard range.contains(horizontal), range.contains(vertical) else {
      return nil
    }
    self.unit = unit
    self.horizontal = UInt16(horizontal)
    self.vertical = UInt16(vertical)
  }

  /// The greatest common divisor, at least 1.
  private static func divisor(_ a: UInt32, _ b: UInt32) -> UInt32 {
    var (a, b) = (a, b)
    while b > 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }
}
