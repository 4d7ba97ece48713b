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
  }

  /// The colours, at least one.
  public let entries: [Entry]

  /// Just the colours.
  public var colors: [RGBColor] { entries.map(\.color) }

  /// The alphas of the entries up to the last that is not opaque.
  public var alphas: [UInt8] {
    let count = entries.lastIndex { $0.alpha < 255 }.map { $0 + 1 } ?? 0
    return entries.prefix(count).map(\.alpha)
  }
}
