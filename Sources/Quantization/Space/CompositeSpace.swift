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
///
/// Greys are points of one axis, from black to white: their space
/// (``ofGreys``) has one coordinate of colour, p, with w that of white, and the
/// same coordinate of alpha, α w/√6. In sRGB p is the grey value, 0 to 255.
public struct CompositeSpace: Sendable {
  /// The space of opaque colours.
  public let working: WorkingSpace

  /// The primaries of the samples.
  public let gamut: RGBGamut

  /// Whether it is the space of greys alone.
  public let isGrey: Bool

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
    self.init(working, gamut, isGrey: false)
  }

  private init(_ working: WorkingSpace, _ gamut: RGBGamut, isGrey: Bool) {
    self.working = working
    self.gamut = gamut
    self.isGrey = isGrey
    let white = isGrey ? SIMD3(working.white.x, 0, 0) : working.white
    middle = white / 2
    opaqueAlpha = ((white * white).sum() / 6).squareRoot()
    converter = WorkingSpace.Converter(working, in: gamut)
  }

  /// The same for greys: points have one coordinate of colour, and red, green
  /// and blue are taken to be equal.
  public var ofGreys: CompositeSpace {
    isGrey ? self : CompositeSpace(working, gamut, isGrey: true)
  }

  /// The same for all colours.
  public var ofColors: CompositeSpace {
    isGrey ? CompositeSpace(working, gamut, isGrey: false) : self
  }

  /// The variance of coordinates that are rounded to 8 bits a sample.
  public var roundingVariance: Double { working.step * working.step / 12 }

  /// Weights of coordinates whose sum grows with luminance, or lightness, and
  /// with alpha.
  package var brightness: SIMD4<Double> {
    switch working {
    case .srgb, .linear: SIMD4(0.2126, 0.7152, 0.0722, 1)
    case .oklab, .lab: SIMD4(1, 0, 0, 1)
    }
  }

  /// The coordinates of a colour of 16 bits a sample.
  package func point(_ color: SIMD4<UInt16>) -> SIMD4<Double> {
    let samples = SIMD3(Double(color.x), Double(color.y), Double(color.z))
    let opaque = onAxis(
      working == .srgb
        ? samples / 257
        : working.coordinates(ofEncoded: samples / 65_535, in: gamut))
    guard color.w < .max else { return SIMD4(opaque, opaqueAlpha) }
    return composed(opaque, Double(color.w) / 65_535)
  }

  /// The coordinates of a colour of 8 bits a sample, without that of alpha.
  @inline(__always)
  func coordinates(_ color: RGBColor) -> SIMD3<Double> {
    converter.coordinates(color.red, color.green, color.blue)
  }

  /// The coordinates of an opaque colour of 8 bits a sample.
  @inline(__always)
  func point(_ color: RGBColor) -> SIMD4<Double> {
    SIMD4(
      onAxis(coordinates(color)), opaqueAlpha)
  }

  /// The coordinates of a colour of 8 bits a sample.
  package func point(_ color: RGBColor, alpha: UInt8) -> SIMD4<Double> {
    guard alpha < 255 else { return point(color) }
    return composed(
      onAxis(coordinates(color)), Double(alpha) / 255)
  }

  /// The coordinates of a colour, its samples and alpha from 0 to 255.
  func point(_ color: SIMD4<Double>) -> SIMD4<Double> {
    let samples = SIMD3(color.x, color.y, color.z)
    return composed(
      onAxis(
        working == .srgb
          ? samples : working.coordinates(ofEncoded: samples / 255, in: gamut)),
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
      ? shown(scaled) / 255 : encoded(scaled / alpha) * alpha
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
      ? self.shown(opaque) : self.encoded(opaque) * 255
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

  /// The colour of 16 bits a sample that is nearest to a point, but for rounding
  /// one sample after the other: alpha first.
  ///
  /// - Parameters:
  ///   - point: Any finite coordinates.
  ///   - isOpaque: Whether alpha is 65,535 whatever the point says; it is 1 to
  ///     65,534 otherwise.
  /// - Returns: Red, green, blue, not premultiplied, and alpha.
  package func deepColor(
    _ point: SIMD4<Double>, isOpaque: Bool
  ) -> SIMD4<UInt16> {
    func sample(_ share: Double) -> UInt16 {
      UInt16((65_535 * min(1, max(0, share))).rounded())
    }
    let alpha =
      isOpaque
      ? UInt16.max : min(65_534, max(1, sample(point.w / opaqueAlpha)))
    let share = Double(alpha) / 65_535
    let shown = SIMD3(point.x, point.y, point.z)
    let opaque =
      isOpaque ? shown : (shown - middle * (1 - share)) / share
    let encoded =
      working == .srgb ? self.shown(opaque) / 255 : self.encoded(opaque)
    return SIMD4(
      sample(encoded.x), sample(encoded.y), sample(encoded.z), alpha)
  }

  /// Coordinates without those that greys do not have.
  @inline(__always)
  private func onAxis(_ opaque: SIMD3<Double>) -> SIMD3<Double> {
    isGrey ? SIMD3(opaque.x, 0, 0) : opaque
  }

  /// Coordinates of sRGB with those that greys do not have.
  @inline(__always)
  private func shown(_ opaque: SIMD3<Double>) -> SIMD3<Double> {
    isGrey ? SIMD3(repeating: opaque.x) : opaque
  }

  /// The samples of an opaque point of a space that is not sRGB, 0 to 1; greys
  /// are exactly grey.
  private func encoded(_ opaque: SIMD3<Double>) -> SIMD3<Double> {
    guard isGrey else { return working.encoded(opaque, in: gamut) }
    let axis = working.white / working.white.x
    return SIMD3(
      repeating: working.encoded(axis * opaque.x, in: gamut).y)
  }
}
