import ColorModels
import Rasters

/// What images are compared on: one background for images that are opaque, which
/// show the same on any; black, mid-grey and white where one is not.
struct Backdrop {
  /// Samples from 0 to 255, the same for red, green and blue.
  let levels: [Double]

  /// What the samples of both images look like at their greatest.
  let gamut: RGBGamut

  /// The backgrounds for two images.
  init(_ first: Pixels, _ second: Pixels, gamut: RGBGamut) {
    self.gamut = gamut
    levels =
      first.channels == .rgb && second.channels == .rgb ? [0] : [0, 127.5, 255]
  }

  /// What a colour looks like on a background, blended as it is encoded.
  ///
  /// - Parameters:
  ///   - color: Red, green, blue and alpha of 16 bits.
  ///   - level: The background.
  /// - Returns: Red, green and blue, 0 to 255; exactly the samples of an opaque
  ///   colour of 8 bits.
  @inline(__always)
  static func show(_ color: SIMD4<UInt16>, on level: Double) -> SIMD3<Double> {
    let samples = SIMD3(Double(color.x), Double(color.y), Double(color.z)) / 257
    guard color.w < 65_535 else { return samples }
    let share = Double(color.w) / 65_535
    return samples * share + SIMD3(repeating: level * (1 - share))
  }
}
