/// A connected region of an image.
public struct Region: Hashable, Sendable {
  /// The label that its pixels have in the map.
  public let label: Int

  /// Its number of pixels.
  public let area: Int

  /// The columns that it reaches over.
  public let columns: Range<Int>

  /// The rows that it reaches over.
  public let rows: Range<Int>

  /// The mean column and row of its pixels, which are whole numbers.
  public let centroid: SIMD2<Double>

  /// The mean of its pixels' red, green and blue, 0 to 255.
  public let meanColor: SIMD3<Double>

  /// The sides of its pixels that lie at other regions or the border of the
  /// image.
  public let perimeter: Int

  /// The mean responsibility of the label for its pixels, 0 to 1.
  public let meanResponsibility: Double

  /// The numbers of the regions that it shares sides of pixels with, ascending.
  public let neighbours: [Int]
}
