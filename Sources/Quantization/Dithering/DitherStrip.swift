package import Rasters

/// Rows of an image that is dithered strip by strip: some bands, and above them
/// the rows that error diffusion reads.
package struct DitherStrip: Sendable {
  /// Strips hold a multiple of this many rows, but for the last one.
  package static let unit = DitherBands.height

  /// The bands.
  package let bands: Range<Int>

  /// The size of the whole image.
  let size: ImageSize

  /// The number of the first row.
  let first: Int

  /// The rows.
  package private(set) var pixels: Pixels

  /// Rows of an image.
  ///
  /// - Parameters:
  ///   - rows: Their numbers: whole bands.
  ///   - pixels: The rows.
  ///   - size: The size of the image.
  ///   - above: The strip before this one, `nil` for the first.
  /// - Complexity: O(pixels).
  package init(
    _ rows: Range<Int>, _ pixels: Pixels, of size: ImageSize,
    below above: DitherStrip?
  ) {
    let height = DitherBands.height
    bands = rows.lowerBound / height..<(rows.upperBound - 1) / height + 1
    precondition(rows.lowerBound == bands.lowerBound * height)
    precondition(rows.count == pixels.size.height)
    self.size = size
    guard let above else {
      first = 0
      self.pixels = pixels
      return
    }
    precondition(bands.lowerBound == above.bands.upperBound)
    let end = above.pixels.size.height
    let lead = min(DitherBands.leadRows, end)
    first = rows.lowerBound - lead
    self.pixels = above.pixels.strip(end - lead..<end).stacked(on: pixels)
  }

  private init(_ band: Int, of strip: DitherStrip) {
    let rows = DitherBands.rows(band, strip.size)
    bands = band..<band + 1
    size = strip.size
    first = max(0, rows.lowerBound - DitherBands.leadRows)
    pixels = strip.pixels.strip(
      first - strip.first..<rows.upperBound - strip.first)
  }

  /// One of the bands.
  package func band(_ band: Int) -> DitherStrip {
    precondition(bands.contains(band))
    return DitherStrip(band, of: self)
  }

  /// The strip with its pixels changed, each for itself.
  package func changed(_ change: (Pixels) -> Pixels) -> DitherStrip {
    var strip = self
    strip.pixels = change(pixels)
    precondition(strip.pixels.size == pixels.size)
    return strip
  }
}
