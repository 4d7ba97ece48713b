public import Rasters

/// Colours that are given, not fitted.
public struct FixedPalette: Hashable, Sendable {
  /// One colour.
  public struct Color: Hashable, Sendable {
    /// Its samples.
    public let color: RGBColor

    /// Its alpha, not premultiplied, 1 to 255.
    public let alpha: UInt8

    /// Creates a colour.
    public init(color: RGBColor, alpha: UInt8 = 255) {
      self.color = color
      self.alpha = alpha
    }
  }

  /// The most colours that can be given: as many as an indexed image can have.
  public static let most = PaletteSize.mostIndexed

  /// The colours, each once, at least one of them opaque.
  public let colors: [Color]

  /// Takes the colours of an image.
  ///
  /// - Parameter raster: An image; its fully transparent pixels count as no
  ///   colour.
  /// - Throws: `QuantizationError.paletteColors` where there are more than
  ///   ``most``, `.noOpaqueColor` where none is opaque.
  /// - Complexity: O(pixels).
  public init(of raster: Raster) throws(QuantizationError) {
    let histogram = ColorHistogram(of: raster)
    guard histogram.visible.count <= Self.most else {
      throw .paletteColors(histogram.visible.count)
    }
    let colors = histogram.visible.map { n in
      let color = histogram.color(n) &>> 8
      return Color(
        color: RGBColor(
          red: UInt8(truncatingIfNeeded: color.x),
          green: UInt8(truncatingIfNeeded: color.y),
          blue: UInt8(truncatingIfNeeded: color.z)),
        alpha: UInt8(truncatingIfNeeded: color.w))
    }
    try self.init(colors)
  }

  /// Takes the colours of a fitted palette, as many as it has.
  ///
  /// - Parameter palette: Its fully transparent entry counts as no colour.
  /// - Throws: `QuantizationError.noOpaqueColor` where none is opaque.
  /// - Complexity: O(colours).
  public init(_ palette: Palette) throws(QuantizationError) {
    try self.init(
      palette.entries.map { Color(color: $0.color, alpha: $0.alpha) },
      most: .max)
  }

  /// Takes given colours.
  ///
  /// - Parameter given: Colours; of equal ones the first counts, and those of
  ///   alpha 0 count as none.
  /// - Throws: `QuantizationError.paletteColors` where there are more than
  ///   ``most``, `.noOpaqueColor` where none is opaque.
  /// - Complexity: O(colours).
  public init(_ given: [Color]) throws(QuantizationError) {
    try self.init(given, most: Self.most)
  }

  private init(_ given: [Color], most: Int) throws(QuantizationError) {
    var seen: Set<Color> = []
    colors = given.filter { $0.alpha > 0 && seen.insert($0).inserted }
    guard colors.count <= most else {
      throw .paletteColors(colors.count)
    }
    guard colors.contains(where: { $0.alpha == 255 }) else {
      throw .noOpaqueColor
    }
  }

  /// Whether red, green and blue are equal in all colours.
  var isGrey: Bool { colors.allSatisfy(\.color.isGrey) }

  /// The colours that an image can be mapped to: all of them where it has
  /// translucent colours, or else the opaque ones.
  func colors(withAlpha hasAlpha: Bool) -> [Color] {
    hasAlpha ? colors : colors.filter { $0.alpha == 255 }
  }
}
