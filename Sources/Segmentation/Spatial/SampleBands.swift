import Rasters

/// Bands of rows that stand for a large image while a fit begins.
struct SampleBands {
  /// Rows of a band.
  static let height = 32

  /// The pixels that all bands have together, about.
  private static let pixels = 1 << 18

  /// The bands, spread over the image; none crosses the end of a page.
  let bands: [Range<Int>]

  /// Chooses bands.
  ///
  /// Gives `nil` where the image is not much larger than they would be, or its
  /// pages are too low.
  init?(_ points: SpatialPoints) {
    let (width, height) = (points.size.width, points.size.height)
    let total = height * points.pages
    let count = max(1, Self.pixels / (width * Self.height))
    guard points.pixelCount > 4 * Self.pixels, height >= Self.height,
      total > 2 * count * Self.height
    else { return nil }
    bands = (0..<count).map { i in
      let middle = (2 * i + 1) * total / (2 * count)
      let (page, row) = middle.quotientAndRemainder(dividingBy: height)
      let start = min(
        height - Self.height, max(0, row - Self.height / 2))
      let first = page * height + start
      return first..<first + Self.height
    }
  }
}
