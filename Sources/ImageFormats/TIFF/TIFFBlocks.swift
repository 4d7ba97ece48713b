import CSoftShims

/// The strips or tiles of a page, decompressed one by one.
final class TIFFBlocks {
  private let layout: qz_tiff_header
  private let handle: OpaquePointer

  /// Room for a strip or tile.
  private var block: [UInt8] = []

  init(_ layout: qz_tiff_header, _ handle: OpaquePointer) {
    self.layout = layout
    self.handle = handle
  }

  private var width: Int { Int(layout.width) }
  private var height: Int { Int(layout.height) }
  private var samples: Int { Int(layout.samples) }

  /// Decodes the strips or tiles of some rows.
  ///
  /// - Parameters:
  ///   - first: The first row, that of a strip or tile.
  ///   - count: How many rows.
  ///   - body: Is given where samples stand one after the other, how many, the
  ///     place of the first among all samples of the rows, and how far it is
  ///     to the next.
  /// - Returns: Whether all could be read.
  func forEachRun(
    from first: Int, _ count: Int,
    _ body: (UnsafeRawPointer, Int, Int, Int) -> Void
  ) -> Bool {
    let (blockWidth, blockHeight) = (
      Int(layout.block_width), Int(layout.block_height)
    )
    let isPlanar = layout.is_planar != 0
    let inBlock = isPlanar ? 1 : samples
    let rowBytes = (blockWidth * inBlock * Int(layout.bits) + 7) / 8
    let across = (width + blockWidth - 1) / blockWidth
    let down = (height + blockHeight - 1) / blockHeight
    if block.isEmpty {
      block = [UInt8](repeating: 0, count: Int(layout.block_bytes))
    }
    for plane in 0..<(isPlanar ? samples : 1) {
      for column in 0..<across {
        let number =
          (plane * down + first / blockHeight) * across + column
        let isThere = block.withUnsafeMutableBytes { room in
          let read = qz_tiff_reader_read_block(
            handle, UInt32(truncatingIfNeeded: number), room.baseAddress,
            room.count)
          guard read >= count * rowBytes, let start = room.baseAddress else {
            return false
          }
          let left = column * blockWidth
          let columns = min(blockWidth, width - left)
          for y in 0..<count {
            body(
              UnsafeRawPointer(start) + y * rowBytes, columns * inBlock,
              (y * width + left) * samples + plane, isPlanar ? samples : 1)
          }
          return true
        }
        guard isThere else { return false }
      }
    }
    return true
  }
}
