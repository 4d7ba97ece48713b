public import Rasters

/// One colour of a palette file.
public struct PaletteColor: Hashable, Sendable {
  /// Red, green and blue, sRGB.
  public var color: RGBColor

  /// Alpha, not premultiplied: 0 transparent, 255 opaque.
  public var alpha: UInt8

  /// Its name, where it has one.
  public var name: String?

  /// Creates a colour.
  public init(color: RGBColor, alpha: UInt8 = 255, name: String? = nil) {
    self.color = color
    self.alpha = alpha
    self.name = name
  }

  /// The colour as CSS writes it: `#rrggbb`, or `#rrggbbaa` where it is not
  /// opaque.
  public var hex: String {
    guard alpha < 255 else { return color.hex }
    return color.hex + (alpha < 16 ? "0" : "") + String(alpha, radix: 16)
  }
}
