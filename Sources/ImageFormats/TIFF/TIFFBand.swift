import CSoftShims

/// Rows of a TIFF that are decoded together: a strip, or a row of tiles, of each
/// plane.
final class TIFFBand {
  /// The samples of the rows, all of a pixel together, of 8 or 16 bits.
  private(set) var values: [UInt16] = []

  /// The number of the first row.
  private(set) var firstRow = 0

  /// What of floats becomes 0 and the greatest number.
  var floats = TIFFBand.usualFloats

  /// The range that floats of pictures have.
  static let usualFloats = 0.0...1.0

  private let layout: qz_tiff_header
  private let scale: TIFFSampleScale
  private let blocks: TIFFBlocks

  /// The rows that are there.
  private var rows = 0

  init(
    _ layout: qz_tiff_header, _ scale: TIFFSampleScale, _ handle: OpaquePointer
  ) {
    self.layout = layout
    self.scale = scale
    blocks = TIFFBlocks(layout, handle)
  }

  private var width: Int { Int(layout.width) }
  private var height: Int { Int(layout.height) }
  private var samples: Int { Int(layout.samples) }

  /// Decodes the band of a row, if it is not there.
  ///
  /// - Returns: Whether it is there now.
  func load(_ row: Int) -> Bool {
    guard !(firstRow..<firstRow + rows).contains(row) else { return true }
    rows = 0
    let first = row / Int(layout.block_height) * Int(layout.block_height)
    let count = min(Int(layout.block_height), height - first)
    values = []
    values.reserveCapacity(count * width * samples)
    values.append(
      contentsOf: repeatElement(0, count: count * width * samples))
    let (scale, floats) = (scale, floats)
    let isWhole = values.withUnsafeMutableBufferPointer { values in
      blocks.forEachRun(from: first, count) { start, count, place, step in
        scale.read(start, count, floats: floats) { i, value in
          values[place + i * step] = value
        }
      }
    }
    guard isWhole else { return false }
    firstRow = first
    rows = count
    return true
  }

  /// From the least to the greatest of all floats, or the usual range where they
  /// are in it; `nil` where a strip or tile cannot be read.
  func range() -> ClosedRange<Double>? {
    var (least, greatest) = (Double.infinity, -Double.infinity)
    let scale = scale
    for first in stride(from: 0, to: height, by: Int(layout.block_height)) {
      let count = min(Int(layout.block_height), height - first)
      let isWhole = blocks.forEachRun(from: first, count) {
        start, count, _, _ in
        scale.readFloats(start, count) { _, value in
          least = min(least, value)
          greatest = max(greatest, value)
        }
      }
      guard isWhole else { return nil }
    }
    return least >= 0 && greatest <= 1 ? Self.usualFloats : least...greatest
  }
}
