import ParallelWork

/// The rows of an image without a palette on their way into a file: each filtered by
/// the type whose bytes have the least sum of magnitudes, as the specification
/// suggests, and compressed. Both are done on several threads; the bytes do not depend
/// on how many there are, nor on how the rows come.
struct ColorRows {
  /// The bytes of a row.
  private let stride: Int

  private let bands: BandFilter
  private var deflater: ChunkedDeflater

  /// The row above the next.
  private var above: [UInt8]

  /// The bytes of rows that are filtered together.
  private static let bytesInBand = 1 << 22

  /// Begins an image.
  ///
  /// - Parameters:
  ///   - stride: The bytes of a row.
  ///   - pixelBytes: The bytes of a pixel.
  ///   - level: zlib's level, 0 to 9.
  ///   - workers: The threads to use.
  init(stride: Int, pixelBytes: Int, level: Int, workers: Workers) {
    self.stride = stride
    // What is only stored takes no less room when it is filtered.
    bands = BandFilter(
      stride: stride, pixelBytes: pixelBytes,
      filter: level == 0 ? .none : .leastSum, workers: workers)
    deflater = ChunkedDeflater(level: level, workers: workers)
    above = [UInt8](repeating: 0, count: stride)
  }

  /// Adds rows.
  ///
  /// - Parameter rows: Whole rows.
  /// - Returns: The next parts of the zlib stream, if there are any.
  /// - Throws: `EncodeError.outOfMemory`.
  /// - Complexity: O(bytes).
  mutating func append(
    _ rows: UnsafeBufferPointer<UInt8>
  ) throws(EncodeError) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    let count = rows.count / stride
    let band = max(BandFilter.rowsInPiece, Self.bytesInBand / stride)
    var first = 0
    while first < count {
      let end = min(count, first + band)
      let part = UnsafeBufferPointer(
        rebasing: rows[first * stride..<end * stride])
      parts += try deflater.append((end - first) * (stride + 1)) {
        [bands, above] room in
        bands.write(part, below: above, to: room)
      }
      above.withUnsafeMutableBufferPointer { above in
        _ = above.update(fromContentsOf: part.suffix(stride))
      }
      first = end
      WorkMeter.current?.tell(end, of: count)
    }
    return parts
  }

  /// Ends the image.
  ///
  /// - Returns: The rest of its parts.
  /// - Throws: `EncodeError.outOfMemory`.
  mutating func finish() throws(EncodeError) -> [[UInt8]] {
    try deflater.finish()
  }
}

/// Filters rows that follow each other, on several threads.
private struct BandFilter {
  /// The rows that one thread filters at a time.
  static let rowsInPiece = 16

  let stride: Int
  let pixelBytes: Int
  let filter: RowFilter
  let workers: Workers

  /// Writes for each row its type and its bytes.
  func write(
    _ rows: UnsafeBufferPointer<UInt8>, below above: [UInt8],
    to room: UnsafeMutableBufferPointer<UInt8>
  ) {
    let count = rows.count / stride
    let pieces = (count + Self.rowsInPiece - 1) / Self.rowsInPiece
    let (source, target) = (SharedSource(rows), SharedMemory(room))
    above.withUnsafeBufferPointer { above in
      let before = SharedSource(above)
      workers.forEach(pieces) { piece in
        var filtering = RowFiltering(stride: stride, pixelBytes: pixelBytes)
        let first = piece * Self.rowsInPiece
        for row in first..<min(count, first + Self.rowsInPiece) {
          let current = UnsafeBufferPointer(
            rebasing: source.buffer[row * stride..<(row + 1) * stride])
          let last =
            row == 0
            ? before.buffer
            : UnsafeBufferPointer(
              rebasing: source.buffer[(row - 1) * stride..<row * stride])
          let type = filtering.choose(filter, current, last)
          let place = target.start + row * (stride + 1)
          place.pointee = UInt8(truncatingIfNeeded: type)
          filtering.copyResult(type, to: place + 1)
        }
      }
    }
  }
}
