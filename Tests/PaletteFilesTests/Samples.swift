import PaletteFiles
import Rasters

/// What the tests of all formats share.
enum Samples {
  /// Colours, some with names: the extremes, a colour that no other rounds to,
  /// and one that comes twice.
  static let colors = [
    PaletteColor(color: RGBColor(packed: 0x000000), name: "Black ink"),
    PaletteColor(color: RGBColor(packed: 0xffffff)),
    PaletteColor(color: RGBColor(packed: 0x0180fe), name: "Blå"),
    PaletteColor(color: RGBColor(packed: 0x0180fe)),
  ]

  /// Every sample there is.
  static let ramp = (0...255).map { n in
    let sample = UInt8(n)
    return PaletteColor(
      color: RGBColor(red: sample, green: 255 - sample, blue: sample ^ 0x5a))
  }

  static func color(_ packed: UInt32, _ alpha: UInt8 = 255) -> PaletteColor {
    PaletteColor(color: RGBColor(packed: packed), alpha: alpha)
  }
}
