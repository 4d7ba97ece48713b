public import Rasters

/// How outlines are drawn.
public struct OutlineStyle: Sendable {
  /// The paint of each label.
  public var paints: [RGBColor]

  /// A name for each paint; empty where there are none.
  public var names: [String] = []

  /// How far, in pixels, shapes reach over each other, 0 or more: so no gap shows
  /// between them, however they are rendered or printed.
  public var trap = 0.0

  /// How far, in pixels, curves may lie from the borders; `nil` for straight
  /// lines.
  public var curves: Double?

  /// Whether regions are white, with a line around them and the number of their
  /// paint in it, and a legend stands below: for painting by numbers.
  public var numbers = false

  /// Whether the regions of label 0 are not drawn.
  public var leavesOutFirst = false

  /// Paints.
  public init(paints: [RGBColor]) {
    self.paints = paints
  }
}
