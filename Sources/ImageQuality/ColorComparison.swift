import ParallelWork
import Rasters

/// The errors of colours over all pixels of two images.
struct ColorComparison {
  /// The squared error of all pixels, summed over three channels of 0 to 255.
  let squaredError: Double

  /// The mean and the 95th percentile of ΔE₀₀.
  let colorDifference: ColorDifference

  /// The squared distance in Oklab, a pixel.
  let oklabMeanSquaredError: Double

  /// Pixels of a band, about, and the most bands: each begins with a cache that
  /// is empty.
  private static let bandPixels = 65_536
  private static let mostBands = 64

  /// Compares two images of the same size.
  ///
  /// - Parameters:
  ///   - first: An image.
  ///   - second: Another.
  ///   - backdrop: What both are shown on.
  ///   - workers: The threads; the result does not depend on them.
  /// - Complexity: O(pixels), and some 0.5 µs a background for each pair of
  ///   colours; 4 bytes of memory a pixel.
  init(
    _ first: Pixels, _ second: Pixels, on backdrop: Backdrop, workers: Workers
  ) {
    let size = first.size
    let bands = Self.bands(of: size)
    var sums: [ColorErrors] = []
    // Every pixel's, for the percentile.
    let differences = [Float](
      unsafeUninitializedCapacity: size.pixelCount
    ) { buffer, count in
      let memory = SharedMemory(buffer)
      sums = workers.mapMetered(bands.count) { piece in
        Self.sum(over: bands[piece], first, second, backdrop, memory)
      }
      count = size.pixelCount
    }
    let pixels = Double(size.pixelCount)
    squaredError = sums.reduce(0) { $0 + $1.squared }
    oklabMeanSquaredError = sums.reduce(0) { $0 + $1.oklab } / pixels
    colorDifference = ColorDifference(
      sums: sums.map(\.difference), ofPixels: differences)
  }

  /// The pieces of work, whose sums are added in order.
  static func bands(of size: ImageSize) -> [Range<Int>] {
    RowBands.cut(
      size.height,
      height: max(1, bandPixels / size.width, size.height / mostBands))
  }

  private static func sum(
    over rows: Range<Int>, _ first: Pixels, _ second: Pixels,
    _ backdrop: Backdrop, _ differences: SharedMemory<Float>
  ) -> ColorErrors {
    let width = first.size.width
    var cache = ColorErrorCache(on: backdrop, pixels: rows.count * width)
    var sum = ColorErrors()
    var firstRow = [SIMD4<UInt16>](repeating: .zero, count: width)
    var secondRow = firstRow
    for y in rows {
      first.read(row: y, into: &firstRow)
      second.read(row: y, into: &secondRow)
      for x in 0..<width {
        let errors = cache.errors(firstRow[x], secondRow[x])
        sum += errors
        (differences.start + y * width + x).initialize(
          to: Float(errors.difference))
      }
    }
    return sum
  }
}
