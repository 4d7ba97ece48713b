public import Rasters

/// Colours that are given, not fitted.
public struct FixedPalette: Hashable, Sendable {
  /// One colour.
  public struct Color: Hashable, Sendable {
    /// Its samples.
    public let color: RGBColor

    /// Its alpha, not premultiplied, 0 to 255.
    public let alpha: UInt8

    /// Creates a colour.
    public init(color: RGBColor, alpha: UInt8 = 255) {
      self.color = color
      self.alpha = alpha
    }
  }

  /// The most colours that can be given. An image that uses more than 256 of
  /// them is not indexed.
  public static let most = PaletteSize.range.upperBound

  /// The colours, each once; of those that a user gives, at least one is
  /// opaque.
  public let colors: [Color]

  /// Whether it was fitted to images. Then opaque pixels of any image may take
  /// its translucent colours, as they did where it was fitted.
  private let isFitted: Bool

  /// Takes the colours of an image, in the order in which its pixels have them
  /// first, row by row: a strip of swatches keeps its order.
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
    var first = [Int](repeating: .max, count: histogram.count)
    ColorRanks(histogram).forEach(
      0..<raster.size.pixelCount, of: histogram.adapted(.eight(raster))
    ) { place, color in first[color] = min(first[color], place) }
    let colors = histogram.visible.sorted { first[$0] < first[$1] }.map { n in
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

  /// Takes fitted colours, none of which has to be opaque.
  ///
  /// - Parameter fitted: At least one colour.
  init(fitted: [Color]) {
    colors = Self.distinct(fitted)
    isFitted = true
  }

  /// Takes the colours of a fitted palette, as many as it has.
  ///
  /// - Parameter palette: Its fully transparent entry counts as no colour.
  /// - Throws: `QuantizationError.noOpaqueColor` where it has no colour.
  /// - Complexity: O(colours).
  public init(_ palette: Palette) throws(QuantizationError) {
    self.init(
      fitted: palette.entries.map { Color(color: $0.color, alpha: $0.alpha) })
    guard !colors.isEmpty else { throw .noOpaqueColor }
  }

  /// Takes given colours.
  ///
  /// - Parameter given: Colours; of equal ones the first counts, and those of
  ///   alpha 0 count as none.
  /// - Throws: `QuantizationError.paletteColors` where there are more than
  ///   ``most``, `.noOpaqueColor` where none is opaque.
  /// - Complexity: O(colours).
  public init(_ given: [Color]) throws(QuantizationError) {
    colors = Self.distinct(given)
    isFitted = false
    guard colors.count <= Self.most else {
      throw .paletteColors(colors.count)
    }
    guard colors.contains(where: { $0.alpha == 255 }) else {
      throw .noOpaqueColor
    }
  }

  private static func distinct(_ colors: [Color]) -> [Color] {
    var seen: Set<Color> = []
    return colors.filter { $0.alpha > 0 && seen.insert($0).inserted }
  }

  /// Whether red, green and blue are equal in all colours.
  var isGrey: Bool { colors.allSatisfy(\.color.isGrey) }

  /// The colours that an image can be mapped to: all of them where it has
  /// translucent colours or they were fitted, or else the opaque ones.
  func colors(withAlpha hasAlpha: Bool) -> [Color] {
    hasAlpha || isFitted ? colors : colors.filter { $0.alpha == 255 }
  }
}
