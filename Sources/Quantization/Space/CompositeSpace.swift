import CLibrary
public import ColorModels
package import Rasters

/// The working space of colours with alpha: their look on a background.
///
/// With p the coordinates of a colour in a `WorkingSpace`, w those of white
/// (black is 0) and α its alpha, it shows α p on black, α p + (1 − α) w/2 on
/// the middle between them and α p + (1 − α) w on white. The squared difference
/// of two colours, averaged over the three backgrounds, is
///
///     |Δ(α p) − Δα w/2|² + Δα² |w|²/6
///
/// so with the coordinates u = α p + (1 − α) w/2 and α |w|/√6, the plain
/// squared distance is exactly that average. An opaque colour has u = p, and
/// colours that are hardly there are near each other whatever they are. (For
/// encoded samples with A = 255 α, the last coordinate is A/√2.)
public struct CompositeSpace: Sendable {
  /// The space of opaque colours.
  public let working: WorkingSpace

  /// The primaries of the samples.
  public let gamut: RGBGamut

  /// The coordinates of the background in the middle.
  private let middle: SIMD3<Double>

  /// The last coordinate of opaque colours.
  package let opaqueAlpha: Double

  private let converter: WorkingSpace.Converter

  /// Samples as they are encoded.
  public static let encoded = CompositeSpace(.srgb)

  /// Creates a space.
  ///
  /// - Parameters:
  ///   - working: The space of opaque colours.
  ///   - gamut: The primaries of the samples.
  public init(_ working: WorkingSpace, in gamut: RGBGamut = .sRGB) {
    self.working = working
    self.gamut = gamut
    let white = working.white
    middle = white / 2
    opaqueAlpha = ((white * white).sum() / 6).squareRoot()
    converter = WorkingSpace.Converter(working, in: gamut)
  }

  /// The variance of coordinates that are rounded to 8 bits a sample.
  public var roundingVariance: Double { working.step * working.step / 12 }

  /// Weights of coordinates whose sum grows with luminance, or lightness, and
  /// with alpha.
  var brightness: SIMD4<Double> {
    switch working {
    case .srgb, .linear: SIMD4(0.2126, 0.7152, 0.0722, 1)
    case .oklab, .lab: SIMD4(1, 0, 0, 1)
    }
  }

  /// The coordinates of a colour of 16 bits a sample.
  package func point(_ color: SIMD4<UInt16>) -> SIMD4<Double> {
    let samples = SIMD3(Double(color.x), Double(color.y), Double(color.z))
    let opaque =
      working == .srgb
      ? samples / 257
      : working.coordinates(ofEncoded: samples / 65_535, in: gamut)
    guard color.w < .max else { return SIMD4(opaque, opaqueAlpha) }
    return composed(opaque, Double(color.w) / 65_535)
  }

  /// The coordinates of an opaque colour of 8 bits a sample.
  @inline(__always)
  func point(_ color: RGBColor) -> SIMD4<Double> {
    SIMD4(
      converter.coordinates(color.red, color.green, color.blue), opaqueAlpha)
  }

  /// The coordinates of a colour of 8 bits a sample.
  package func point(_ color: RGBColor, alpha: UInt8) -> SIMD4<Double> {
    guard alpha < 255 else { return point(color) }
    return composed(
      converter.coordinates(color.red, color.green, color.blue),
      Double(alpha) / 255)
  }

  /// The coordinates of a colour, its samples and alpha from 0 to 255.
  func point(_ color: SIMD4<Double>) -> SIMD4<Double> {
    let samples = SIMD3(color.x, color.y, color.z)
    return composed(
      working == .srgb
        ? samples : working.coordinates(ofEncoded: samples / 255, in: gamut),
      color.w / 255)
  }

  /// Whether an alpha, 0 to 255, is that of an opaque colour once it is
  /// rounded.
  static func isOpaque(alpha: Double) -> Bool { alpha >= 254.5 }

  /// The coordinates of complete transparency.
  package var transparent: SIMD4<Double> { SIMD4(middle, 0) }

  private func composed(
    _ opaque: SIMD3<Double>, _ alpha: Double
  ) -> SIMD4<Double> {
    SIMD4(opaque * alpha + middle * (1 - alpha), alpha * opaqueAlpha)
  }

  /// A point's red, green and blue, each times alpha, and alpha; 0 to 1, as the
  /// samples are encoded and not rounded.
  ///
  /// - Parameter point: Any finite coordinates.
  /// - Returns: Samples within what the alpha allows.
  package func premultiplied(_ point: SIMD4<Double>) -> SIMD4<Double> {
    let alpha = min(1, max(0, point.w / opaqueAlpha))
    let scaled = SIMD3(point.x, point.y, point.z) - middle * (1 - alpha)
    guard alpha > 0 else { return .zero }
    let samples =
      working == .srgb
      ? scaled / 255 : working.encoded(scaled / alpha, in: gamut) * alpha
    return SIMD4(samples, alpha).clamped(
      lowerBound: .zero, upperBound: SIMD4(repeating: alpha))
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
  package func color(
    _ point: SIMD4<Double>, isOpaque: Bool, _ posterization: Posterization
  ) -> (color: RGBColor, alpha: UInt8) {
    let alpha =
      isOpaque
      ? 255
      : Double(
        max(
          posterization.leastAboveZero,
          posterization.nearest(
            to: min(254, max(1, 255 * point.w / opaqueAlpha)))))
    let shown = SIMD3(point.x, point.y, point.z)
    let opaque =
      isOpaque ? shown : (shown - middle * (1 - alpha / 255)) * 255 / alpha
    let encoded =
      working == .srgb
      ? opaque : working.encoded(opaque, in: gamut) * 255
    func sample(_ value: Double) -> UInt8 {
      posterization.nearest(to: min(255, max(0, value)))
    }
    return (
      RGBColor(
        red: sample(encoded.x), green: sample(encoded.y),
        blue: sample(encoded.z)),
      UInt8(alpha)
    )
  }
}
