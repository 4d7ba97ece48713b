import ParallelWork
import Rasters

/// Small pieces of an image, one below the other, that stand for it where its
/// palette is fitted to its dithering.
///
/// They are dithered as an image of its own, with no more colours than theirs:
/// a palette is settled by far fewer pixels than an image has.
struct DitherMosaic {
  /// The pieces, with their colours.
  let field: DitherField

  /// The side of a piece. Many small ones show more of the image than few
  /// large ones, which have fewer borders.
  enum Side: Int {
    case small = 16
    case large = 128
  }

  /// The pixels of large pieces, unless an image has fewer or a palette takes
  /// more.
  static let mostPixels = 1 << 20

  /// The pixels for each entry of a palette: an entry has three coordinates,
  /// and is seldom in all pieces.
  private static let pixelsOfEntry = 512

  /// The pixels that a small palette takes, too.
  private static let leastPixels = 1 << 16

  /// Pixels of a mosaic for a palette.
  ///
  /// - Parameter entries: The palette's.
  /// - Returns: Their number, unless the image has fewer.
  static func pixels(for entries: Int) -> Int {
    max(leastPixels, pixelsOfEntry * entries)
  }

  /// Cuts evenly spread pieces out of bands; `nil` where these have little more
  /// pixels than are wanted.
  ///
  /// - Parameters:
  ///   - bands: The bands, each with a field that has its rows.
  ///   - colors: The colours of the image.
  ///   - pixels: How many pixels are wanted.
  ///   - side: The side of a piece.
  /// - Complexity: O(pixels + colours).
  init?(
    _ bands: [(band: Int, field: DitherField)], _ colors: DitherColors,
    pixels: Int, side: Side
  ) {
    guard let size = bands.first?.field.size else { return nil }
    let width = min(side.rawValue, size.width)
    let total = bands.reduce(0) {
      $0 + DitherBands.rows($1.band, size).count * size.width
    }
    guard total > pixels + pixels / 2 else { return nil }
    let pieces = max(1, pixels / (side.rawValue * width))
    var numbers: [UInt32] = []
    numbers.reserveCapacity(pixels)
    for (i, (band, field)) in bands.enumerated() {
      let rows = DitherBands.rows(band, size)
      let height = min(side.rawValue, rows.count)
      let own = pieces * (i + 1) / bands.count - pieces * i / bands.count
      for piece in 0..<own {
        let left = (size.width - width) * (2 * piece + 1) / (2 * own)
        // Up and down in turn, so that neighbours are not of the same rows.
        let top = (rows.count - height) * ((3 * piece + i) % 8) / 7
        for row in rows.lowerBound + top..<rows.lowerBound + top + height {
          numbers += field.keys(ofRow: row, left..<left + width)
        }
      }
    }
    guard let size = ImageSize(width: width, height: numbers.count / width)
    else { return nil }
    let used = Array(Set(numbers)).sorted()
    let places = Dictionary(
      uniqueKeysWithValues: used.enumerated().map {
        ($1, UInt32(truncatingIfNeeded: $0))
      })
    field = DitherField(
      numbers.map { places[$0] ?? 0 }, colors.only(used), size)
  }
}
