/// How many pixels there are to a length.
public struct PixelDensity: Hashable, Sendable {
  /// The length.
  public enum Unit: Sendable {
    /// A metre.
    case meter

    /// Not said: only the ratio of the two numbers means something.
    case unknown
  }

  /// Pixels in the horizontal unit.
  public var horizontal: UInt32

  /// Pixels in the vertical unit.
  public var vertical: UInt32

  /// The unit.
  public var unit: Unit

  /// Creates a density.
  public init(horizontal: UInt32, vertical: UInt32, unit: Unit) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.unit = unit
  }
}
