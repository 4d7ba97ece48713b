public import Rasters

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
    TransferFunction.light(ofEncoded: Double(sample) / 255)
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
        ? Self.light[Int(sample)]
        : TransferFunction.light(ofEncoded: sample / 255)
    }
    self.init(light: light)
  }

  /// Converts light.
  ///
  /// - Parameter light: Red, green and blue of sRGB, 0 to 1, or beyond for
  ///   colours that sRGB does not have.
  public init(light: SIMD3<Double>) {
    let f = Self.responses(Self.forth * light)
    self.init(
      lightness: 116 * f.y - 16, a: 500 * (f.x - f.y), b: 200 * (f.y - f.z))
  }

  /// Red, green and blue light of sRGB, 0 to 1, or beyond where sRGB does not
  /// have the colour.
  public var light: SIMD3<Double> {
    let y = (lightness + 16) / 116
    return Self.back
      * SIMD3(
        Self.share(y + a / 500), Self.share(y), Self.share(y - b / 200))
  }

  private static let forth = Matrix3(rows[0], rows[1], rows[2])
  private static let back = forth.inverse

  /// The inverse of ``responses(_:)``.
  private static func share(_ response: Double) -> Double {
    response > 6.0 / 29
      ? response * response * response
      : (116 * response - 16) * 27 / 24_389
  }

  /// f of CIE 15:2004, section 8.2.1.1, of X, Y or Z relative to white.
  package static func response(_ share: Double) -> Double {
    responses(SIMD3(repeating: share)).x
  }

  /// f of CIE 15:2004, section 8.2.1.1, of X, Y and Z relative to white: cube
  /// roots, and a line near black.
  private static func responses(_ shares: SIMD3<Double>) -> SIMD3<Double> {
    shares.cubeRoots.replacing(
      with: (24_389.0 / 27 * shares + 16) / 116,
      where: shares .<= 216.0 / 24_389)
  }
}
