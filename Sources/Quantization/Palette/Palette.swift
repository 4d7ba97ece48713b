public import Rasters
import TruncatedEM

/// The colours of a quantised image, the most used first.
///
/// Made from the means of a mixture: they are rounded to 8 bits a sample, equal
/// ones merged, and those that no pixel is nearest to left out, unless they are
/// pinned. Entries are in the order of their counts, largest first, and of
/// their colours where counts are equal; a fully transparent one comes first,
/// then translucent ones.
public struct Palette: Sendable {
  /// One colour.
  public struct Entry: Hashable, Sendable {
    /// The colour.
    public let color: RGBColor

    /// Its alpha, not premultiplied: 0 transparent, 255 opaque.
    public let alpha: UInt8

    /// The number of the component it comes from; of merged ones the lowest.
    /// `nil` for an entry of fully transparent pixels that is not a component.
    public let component: Int?

    /// How many pixels have it, at least 1; 0 of a pinned colour that none has.
    public let count: Int

    /// Red, green, blue and alpha of 16 bits, of which the others are roundings;
    /// 257 times these in a palette of 8 bits.
    public let deep: SIMD4<UInt16>

    /// An entry; without `deep` it is one of 8 bits.
    init(
      color: RGBColor, alpha: UInt8, component: Int?, count: Int,
      deep: SIMD4<UInt16>? = nil
    ) {
      self.color = color
      self.alpha = alpha
      self.component = component
      self.count = count
      self.deep =
        deep
        ?? SIMD4(
          UInt16(color.red), UInt16(color.green), UInt16(color.blue),
          UInt16(alpha)) &* 257
    }
  }

  /// The colours, at least one.
  public let entries: [Entry]

  /// The bits of a sample.
  public let depth: PaletteDepth

  init(entries: [Entry], depth: PaletteDepth = .eight) {
    self.entries = entries
    self.depth = depth
  }

  /// Whether red, green and blue are equal in all colours, and all are opaque.
  public var isOpaqueGrey: Bool {
    entries.allSatisfy {
      $0.alpha == 255 && $0.deep.x == $0.deep.y && $0.deep.y == $0.deep.z
    }
  }

  /// Just the colours.
  public var colors: [RGBColor] { entries.map(\.color) }

  /// The alphas of the entries up to the last that is not opaque.
  public var alphas: [UInt8] {
    let count = entries.lastIndex { $0.alpha < 255 }.map { $0 + 1 } ?? 0
    return entries.prefix(count).map(\.alpha)
  }
}
