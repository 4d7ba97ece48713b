import CLibrary

extension LabColor {
  /// C*ab, the distance from the grey axis, 0 or greater.
  public var chroma: Double { (a * a + b * b).squareRoot() }

  /// h_ab, the angle around the grey axis, 0 to 360 degrees: some 40 for sRGB's
  /// red, 103 for yellow, 136 for green, 306 for blue. It says nothing of greys.
  public var hue: Double {
    let angle = atan2(b, a) * 180 / .pi
    return angle < 0 ? angle + 360 : angle
  }
}
