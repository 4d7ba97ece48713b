/// How to cut an image into superpixels.
public struct SuperpixelOptions: Hashable, Sendable {
  /// The largest C': the components of nine cells.
  public static let maximumTruncation = 9

  /// How many superpixels, at least 1. There are exactly so many where the image
  /// has so many pixels, or a few less where it has hardly more.
  public var count: Int

  /// C', 1 to 9.
  public var truncation = 1

  /// How much positions count against colours while pixels are clustered: a
  /// step of the side of a cell is as far as this in CIELAB.
  public var compactness = 3.0

  /// E-steps, at least 1.
  public var iterations = 4

  /// How many cells the grid has for each superpixel; their regions are then
  /// merged.
  var cellsPerSuperpixel = 4.0

  /// How often the pixels at borders are given to the closest component beside
  /// them.
  var refinements = 3

  /// Options for so many superpixels.
  public init(count: Int) {
    self.count = count
  }
}
