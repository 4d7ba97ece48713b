import Rasters

/// The bands of rows that are dithered for themselves.
///
/// They depend on the size of the image alone, so that any number of threads
/// gives the same pixels.
enum DitherBands {
  /// Rows of a band.
  static let height = 128

  /// How many bands an image has.
  static func count(_ size: ImageSize) -> Int {
    (size.height + height - 1) / height
  }

  /// The rows of a band.
  static func rows(_ band: Int, _ size: ImageSize) -> Range<Int> {
    band * height..<min(size.height, (band + 1) * height)
  }

  /// Bands that stand for all: evenly spread, with about a megapixel together,
  /// at least one.
  static func sample(_ size: ImageSize) -> [Int] {
    let count = count(size)
    let pixels = min(size.height, height) * size.width
    let wanted = max(1, min(count, (samplePixels + pixels / 2) / pixels))
    return (0..<wanted).map { (2 * $0 + 1) * count / (2 * wanted) }
  }

  private static let samplePixels = 1 << 20
}
