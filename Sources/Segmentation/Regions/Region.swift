/// A connected region of an image.
///
/// Orientation, eccentricity, the axes and the perimeter are those of
/// scikit-image's `regionprops`.
public struct Region: Hashable, Sendable {
  /// The label that its pixels have in the map.
  public let label: Int

  /// The page that it is on, the first is 0.
  public let page: Int

  /// Its number of pixels.
  public let area: Int

  /// The columns that it reaches over.
  public let columns: Range<Int>

  /// The rows that it reaches over.
  public let rows: Range<Int>

  /// The mean column and row of its pixels, which are whole numbers.
  public let centroid: SIMD2<Double>

  /// How its pixels lie about the centroid.
  public let shape: RegionShape

  /// The length of its border: through the middles of the pixels that lie at
  /// others, steps along rows and columns 1 long and diagonal ones √2 (K. Benkrid,
  /// D. Crookes, A. Benkrid, "Design and FPGA implementation of a perimeter
  /// estimator", IMVIP 2000).
  public let perimeter: Double

  /// The sides of its pixels that lie at other regions or the border of the
  /// image.
  public let sides: Int

  /// The mean of each number of its pixels; of pictures red, green and blue, 0 to
  /// 255.
  public let means: [Double]

  /// The standard deviation of each number of its pixels, of all and not of a
  /// sample.
  public let spreads: [Double]

  /// The mean responsibility of the label for its pixels, 0 to 1.
  public let meanResponsibility: Double

  /// The numbers of the regions that it shares sides of pixels with, ascending.
  public let neighbours: [Int]
}

extension Region {
  /// The mean red, green and blue of the region of a picture, 0 to 255.
  var meanColor: SIMD3<Double> { SIMD3(means[0], means[1], means[2]) }
}
