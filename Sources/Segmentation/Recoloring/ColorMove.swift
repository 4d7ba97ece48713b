public import Rasters

/// A colour that an image has, and the one that it gets instead.
public struct ColorMove: Hashable, Sendable {
  /// The colour that is moved.
  public var from: RGBColor

  /// Where it is moved to.
  public var to: RGBColor

  /// A move from one colour to another.
  public init(from: RGBColor, to: RGBColor) {
    self.from = from
    self.to = to
  }
}
