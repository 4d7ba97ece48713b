package import Rasters

/// The bands of rows that are dithered for themselves.
///
/// They depend on the size of the image alone, so that any number of threads
/// gives the same pixels.
package enum DitherBands {
  /// Rows of a band.
  package static let height = 128

  /// Rows above a band that are read for the error they pass on to it.
  package static let leadRows = 12

  /// How many bands an image has.
  package static func count(_ size: ImageSize) -> Int {
    (size.height + height - 1) / height
  }

  /// The rows of a band.
  package static func rows(_ band: Int, _ size: ImageSize) -> Range<Int> {
    band * height..<min(size.height, (band + 1) * height)
  }

  /// Bands that stand for all: evenly spread, with about a megapixel together,
  /// at least four if there are as many.
  package static func sample(_ size: ImageSize) -> [Int] {
    let count = count(size)
    let pixels = min(size.height, height) * size.width
    let wanted = min(count, max(4, (samplePixels + pixels / 2) / pixels))
    return (0..<wanted).map { (2 * $0 + 1) * count / (2 * wanted) }
  }

  private static let samplePixels = 1 << 20
}
