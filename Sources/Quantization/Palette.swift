public import Rasters
import TruncatedEM

/// The colours of a quantised image, the most used first.
///
/// Made from the means of a mixture: they are rounded to 8-bit sRGB, equal
/// ones merged, and those that no pixel is nearest to left out. Entries are in
/// the order of their counts, largest first, and of their colours where counts
/// are equal.
public struct Palette: Sendable {
  /// One colour.
  public struct Entry: Hashable, Sendable {
    /// The colour.
    public let color: RGBColor

    /// The number of the component it comes from; of merged ones the lowest.
    public let component: Int

    /// How many pixels have it, at least 1.
    public let count: Int
  }

  /// The colours, at least one.
  public let entries: [Entry]

  /// Just the colours.
  public var colors: [RGBColor] { entries.map(\.color) }
}
