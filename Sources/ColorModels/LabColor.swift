public import Rasters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A colour of CIELAB (CIE 15:2004), relative to the white of sRGB, D65.
public struct LabColor: Hashable, Sendable {
  /// L*, lightness: 0 black, 100 white.
  public var lightness: Double

  /// a*: green below 0, red above.
  public var a: Double

  /// b*: blue below 0, yellow above.
  public var b: Double

  /// Creates a colour from its coordinates.
  public init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }
}

extension LabColor {
  /// Linear sRGB to XYZ, each row divided by its sum, so that white is exactly
  /// (1, 1, 1) and every grey exactly neutral. The matrix follows from the
  /// chromaticities of IEC 61966-2-1: primaries (0.64, 0.33), (0.30, 0.60) and
  /// (0.15, 0.06), white (0.3127, 0.3290).
  package static let rows: [SIMD3<Double>] = [
    normalized(
      506_752.0 / 1_228_815, 87_881.0 / 245_763, 12_673.0 / 70_218),
    normalized(
      87_098.0 / 409_605, 175_762.0 / 245_763, 12_673.0 / 175_545),
    normalized(
      7_918.0 / 409_605, 87_881.0 / 737_289, 1_001_167.0 / 1_053_270),
  ]

  private static func normalized(
    _ red: Double, _ green: Double, _ blue: Double
  ) -> SIMD3<Double> {
    let row = SIMD3(red, green, blue)
    return row / row.sum()
  }

  /// Light, 0 to 1, of each 8-bit sample.
  package static let light: [Double] = (0...255).map { sample in
    light(ofEncoded: Double(sample) / 255)
  }

  private static func light(ofEncoded encoded: Double) -> Double {
    encoded <= 0.04045
      ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4)
  }

  /// Converts a colour of sRGB.
  ///
  /// Accurate to some 10⁻¹³; greys have a* and b* of 0 to within rounding.
  ///
  /// - Parameter color: 8-bit samples.
  public init(_ color: RGBColor) {
    self.init(
      light: SIMD3(
        Self.light[Int(color.red)], Self.light[Int(color.green)],
        Self.light[Int(color.blue)]))
  }

  /// Converts a colour of sRGB between those that have 8-bit samples.
  ///
  /// - Parameter encoded: Red, green and blue, 0 to 255; whole numbers give
  ///   exactly what ``init(_:)`` gives.
  public init(encoded: SIMD3<Double>) {
    var light = SIMD3<Double>.zero
    for d in 0..<3 {
      let sample = min(255, max(0, encoded[d]))
      light[d] =
        sample == sample.rounded()
        ? Self.light[Int(sample)] : Self.light(ofEncoded: sample / 255)
    }
    self.init(light: light)
  }

  private init(light: SIMD3<Double>) {
    let x = Self.response((Self.rows[0] * light).sum())
    let y = Self.response((Self.rows[1] * light).sum())
    let z = Self.response((Self.rows[2] * light).sum())
    self.init(lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z))
  }

  /// f of CIE 15:2004, section 8.2.1.1, of X, Y or Z relative to white: a cube
  /// root, and a line near black.
  package static func response(_ share: Double) -> Double {
    share > 216.0 / 24_389
      ? cbrt(share) : (24_389.0 / 27 * share + 16) / 116
  }
}
