/// A colour of Oklab (B. Ottosson, "A perceptual color space for image
/// processing", 2020).
public struct OklabColor: Hashable, Sendable {
  /// L, lightness: 0 black, 1 white.
  public var lightness: Double

  /// a: green below 0, red above.
  public var a: Double

  /// b: blue below 0, yellow above.
  public var b: Double

  /// Creates a colour from its coordinates.
  public init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// Converts light.
  ///
  /// - Parameter light: Red, green and blue of sRGB, 0 to 1, or beyond for
  ///   colours that sRGB does not have.
  public init(light: SIMD3<Double>) {
    let cones = Self.cones * light
    let lab = Self.opponents * cones.cubeRoots
    self.init(lightness: lab.x, a: lab.y, b: lab.z)
  }

  /// Red, green and blue light of sRGB, 0 to 1, or beyond where sRGB does not
  /// have the colour.
  public var light: SIMD3<Double> {
    let roots = Self.responses * SIMD3(lightness, a, b)
    return Self.lights * (roots * roots * roots)
  }

  // The matrices of the reference, made from those of its sRGB example.
  private static let cones = Matrix3(
    SIMD3(0.4122214708, 0.5363325363, 0.0514459929),
    SIMD3(0.2119034982, 0.6806995451, 0.1073969566),
    SIMD3(0.0883024619, 0.2817188376, 0.6299787005))
  private static let opponents = Matrix3(
    SIMD3(0.2104542553, 0.7936177850, -0.0040720468),
    SIMD3(1.9779984951, -2.4285922050, 0.4505937099),
    SIMD3(0.0259040371, 0.7827717662, -0.8086757660))
  private static let lights = cones.inverse
  private static let responses = opponents.inverse
}
