import ColorModels
import ImageFormats
import Quantization
import Rasters

/// A palette entry as JSON files hold it.
public struct PaletteRecord: Codable, Hashable, Sendable {
  /// The colour as `#rrggbb`; `#rrggbbaa` where it is not opaque.
  public let hex: String

  /// Red, green and blue, 0 to 255.
  public let rgb: [Int]

  /// Red, green and blue, 0 to 65,535, where the image is written in 16 bits.
  public let rgb16: [Int]?

  /// Alpha, 0 to 65,535, where it is written in 16 bits.
  public let alpha16: Int?

  /// The space of `rgb` where it is not sRGB: `p3`, or `input` for that of the
  /// input's own profile.
  public let space: String?

  /// Alpha, not premultiplied: 0 transparent, 255 opaque.
  public let alpha: Int

  /// The number of the component that the colour comes from: its row in the
  /// report's `means`. Absent for fully transparent pixels.
  public let component: Int?

  /// How many pixels have the colour; 0 of a pinned one that none has.
  public let count: Int

  /// `count` divided by the number of pixels, 0 to 1.
  public let share: Double

  /// The name that the colour was given by a palette file or with its pin, or
  /// that of the nearest colour that CSS knows, where names were asked for.
  public let name: String?

  init(
    _ entry: Palette.Entry, pixels: Int, space: String,
    names: ColorNames = ColorNames(), named: Bool = false,
    depth: PaletteDepth = .eight
  ) {
    self.init(
      entry.color, alpha: entry.alpha, component: entry.component,
      count: entry.count, pixels: pixels, space: space, names: names,
      named: named, deep: depth == .sixteen ? entry.deep : nil)
  }

  init(
    _ color: RGBColor, alpha: UInt8, component: Int?, count: Int, pixels: Int,
    space: String, names: ColorNames = ColorNames(), named: Bool = false,
    deep: SIMD4<UInt16>? = nil
  ) {
    rgb16 = deep.map { [Int($0.x), Int($0.y), Int($0.z)] }
    alpha16 = deep.map { Int($0.w) }
    self.space = space == ColorTarget.sRGB.rawValue ? nil : space
    hex =
      alpha == 255
      ? color.hex
      : color.hex + (alpha < 16 ? "0" : "") + String(alpha, radix: 16)
    self.alpha = Int(alpha)
    rgb = [Int(color.red), Int(color.green), Int(color.blue)]
    self.component = component
    self.count = count
    share = Double(count) / Double(pixels)
    // Complete transparency has no colour to name.
    name =
      names[FixedPalette.Color(color: color, alpha: alpha)]
      ?? (named && alpha > 0 ? CSSColorName.nearest(to: color).name : nil)
  }
}
