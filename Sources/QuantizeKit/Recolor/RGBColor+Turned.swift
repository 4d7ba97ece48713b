import CLibrary
import ColorModels
import Rasters

extension RGBColor {
  /// Turns the hue.
  ///
  /// - Parameters:
  ///   - degrees: How far the hue is turned in Oklab.
  ///   - gamut: The primaries of the samples.
  /// - Returns: The same lightness and chroma with another hue, as far as there is such
  ///   a colour.
  func turned(_ degrees: Double, in gamut: RGBGamut) -> RGBColor {
    let point = WorkingSpace.Converter(.oklab, in: gamut).coordinates(
      red, green, blue)
    let angle = degrees * .pi / 180
    let (c, s) = (cos(angle), sin(angle))
    let samples =
      255
      * GamutMapping(gamut).inside(
        WorkingSpace.oklab.encoded(
          SIMD3(
            point.x, c * point.y - s * point.z, s * point.y + c * point.z),
          in: gamut))
    return RGBColor(
      red: UInt8(samples.x.rounded()), green: UInt8(samples.y.rounded()),
      blue: UInt8(samples.z.rounded()))
  }
}
