import CLibrary
import ColorModels
import Rasters

/// The shades of a colour, lighter and darker, duller and stronger, and where they
/// go when it is moved.
///
/// A thing of one colour has it in light and in shadow, at about the same hue of
/// Oklab, and a mixture has components of both. With m the colour that is moved, m' its
/// goal, and chroma as a complex number z = a + ib, a shade becomes
///
///     z ↦ z z'_m / z_m,   L ↦ L L'_m / L_m
///
/// so that what was half as light and half as strong still is. (Towards white, L is
/// measured from there where the goal is lighter, and stays in range.)
struct HueFamily {
  /// Less chroma than this is grey, which has no hue.
  private static let leastChroma = 0.02

  /// A shade has this share of the colour's chroma, or more.
  private static let leastShare = 0.2

  private let from: SIMD3<Double>
  private let to: SIMD3<Double>

  /// Radians.
  private let width: Double
  private let gamut: RGBGamut

  init(_ move: ColorMove, within degrees: Double, _ gamut: RGBGamut) {
    self.gamut = gamut
    width = degrees * .pi / 180
    from = Self.point(move.from, gamut)
    to = Self.point(move.to, gamut)
  }

  /// How far the hue of a colour is from the family's, in radians; `nil` where the
  /// colour does not belong to it.
  func distance(to color: RGBColor) -> Double? {
    let point = Self.point(color, gamut)
    let (own, other) = (Self.chroma(from), Self.chroma(point))
    guard own >= Self.leastChroma,
      other >= max(Self.leastChroma, Self.leastShare * own)
    else { return nil }
    let cosine = (from.y * point.y + from.z * point.z) / (own * other)
    let angle = acos(min(1, max(-1, cosine)))
    return angle < width ? angle : nil
  }

  /// Whether the colour that is moved has a hue.
  var hasHue: Bool { Self.chroma(from) >= Self.leastChroma }

  /// What a shade becomes.
  func goal(of color: RGBColor) -> RGBColor {
    let samples =
      255
      * GamutMapping(gamut).inside(
        WorkingSpace.oklab.encoded(
          moved(Self.point(color, gamut)), in: gamut))
    return RGBColor(
      red: UInt8(samples.x.rounded()), green: UInt8(samples.y.rounded()),
      blue: UInt8(samples.z.rounded()))
  }

  /// What a point of Oklab becomes, inside the gamut or not.
  func moved(_ point: SIMD3<Double>) -> SIMD3<Double> {
    let square = from.y * from.y + from.z * from.z
    // z'/z
    let turn = SIMD2(
      (to.y * from.y + to.z * from.z) / square,
      (to.z * from.y - to.y * from.z) / square)
    let lightness =
      point.x <= from.x
      ? point.x * to.x / from.x
      : 1 - (1 - point.x) * (1 - to.x) / max(1e-9, 1 - from.x)
    return SIMD3(
      lightness, turn.x * point.y - turn.y * point.z,
      turn.x * point.z + turn.y * point.y)
  }

  private static func chroma(_ point: SIMD3<Double>) -> Double {
    (point.y * point.y + point.z * point.z).squareRoot()
  }

  private static func point(
    _ color: RGBColor, _ gamut: RGBGamut
  ) -> SIMD3<Double> {
    WorkingSpace.Converter(.oklab, in: gamut).coordinates(
      color.red, color.green, color.blue)
  }
}
