import ImageFormats

extension PixelDensity {
  /// Pixels of an inch; `nil` where the unit is not known, or there are none.
  var perInch: (horizontal: Double, vertical: Double)? {
    guard unit == .meter, horizontal > 0, vertical > 0 else { return nil }
    return (Double(horizontal) * 0.0254, Double(vertical) * 0.0254)
  }
}
