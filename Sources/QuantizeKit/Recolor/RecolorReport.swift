public import Rasters

/// What a recolouring did.
public struct RecolorReport: Sendable {
  /// A colour that was moved.
  public struct Move: Sendable {
    /// The colour of the component that was moved.
    public let from: RGBColor

    /// The colour that it has now.
    public let to: RGBColor

    /// How much of the image it is responsible for, 0 to 1.
    public let share: Double
  }

  /// The moves, in the order in which they were asked for, and then their shades.
  public let moves: [Move]

  /// The size of the file in bytes.
  public let bytes: Int
}
