import ParallelWork
import Synchronization

/// The rows of a palette image on their way into a file: unfiltered, since the
/// difference of two indices means nothing, packed, and compressed.
struct PaletteRows {
  private let width: Int
  private let bitDepth: Int
  private let paletteCount: Int
  private var deflater: ChunkedDeflater

  /// Begins an image.
  ///
  /// - Parameters:
  ///   - width: The pixels of a row.
  ///   - paletteCount: The entries of the palette, 1 to 256.
  ///   - level: zlib's level, 0 to 9.
  ///   - workers: The threads to use.
  init(width: Int, paletteCount: Int, level: Int, workers: Workers) {
    self.width = width
    self.paletteCount = paletteCount
    bitDepth = PNGEncoder.bitDepth(paletteCount: paletteCount)
    deflater = ChunkedDeflater(level: level, workers: workers)
  }

  /// Adds rows.
  ///
  /// - Parameter indices: A byte for each of their pixels.
  /// - Returns: The next parts of the zlib stream, if there are any.
  /// - Throws: `EncodeError.indexBeyondPalette`, `.outOfMemory`.
  /// - Complexity: O(pixels).
  mutating func append(
    _ indices: UnsafeBufferPointer<UInt8>
  ) throws(EncodeError) -> [[UInt8]] {
    var greatest: UInt8 = 0
    for index in indices { greatest = max(greatest, index) }
    guard greatest < paletteCount else {
      throw .indexBeyondPalette(
        index: Int(greatest), paletteCount: paletteCount)
    }
    let rows = indices.count / width
    let rowBytes = 1 + (width * bitDepth + 7) / 8
    return try deflater.append(rows * rowBytes) { [width, bitDepth] room in
      for row in 0..<rows {
        Self.pack(
          UnsafeBufferPointer(
            rebasing: indices[row * width..<(row + 1) * width]), bitDepth,
          UnsafeMutableBufferPointer(
            rebasing: room[row * rowBytes + 1..<(row + 1) * rowBytes]))
      }
    }
  }

  /// Ends the image.
  ///
  /// - Returns: The rest of its parts.
  /// - Throws: `EncodeError.outOfMemory`.
  mutating func finish() throws(EncodeError) -> [[UInt8]] {
    try deflater.finish()
  }

  /// Compresses all rows of an image whose indices are made when they are needed.
  ///
  /// - Parameters:
  ///   - height: How many rows.
  ///   - indices: Writes a byte for each of some pixels, on any thread.
  ///   - take: Is given the parts of the zlib stream; `false` ends the work.
  /// - Throws: `EncodeError.indexBeyondPalette`, `.outOfMemory`.
  /// - Complexity: O(pixels).
  mutating func compress(
    height: Int, _ indices: IndexWriter, to take: (_ part: [UInt8]) -> Bool
  ) throws(EncodeError) {
    let rows = PackedRows(width: width, bitDepth: bitDepth)
    let greatest = Atomic<Int>(0)
    try deflater.compress(height * rows.rowBytes) { range, room in
      greatest.max(
        Int(rows.write(range, of: indices, to: room)), ordering: .relaxed)
    } to: { part in
      greatest.load(ordering: .relaxed) < paletteCount && take(part)
    }
    let index = greatest.load(ordering: .relaxed)
    guard index < paletteCount else {
      throw .indexBeyondPalette(index: index, paletteCount: paletteCount)
    }
  }

  /// Packs a row of samples of 1, 2, 4 or 8 bits, the leftmost in the highest
  /// bits (PNG, section 7.2).
  static func pack(
    _ indices: UnsafeBufferPointer<UInt8>, _ bitDepth: Int,
    _ packed: UnsafeMutableBufferPointer<UInt8>
  ) {
    switch bitDepth {
    case 8:
      _ = packed.update(fromContentsOf: indices)
    case 4:
      let pairs = indices.count / 2
      for i in 0..<pairs {
        packed[i] = indices[2 * i] << 4 | indices[2 * i + 1]
      }
      if pairs < packed.count { packed[pairs] = indices[2 * pairs] << 4 }
    default:
      var (byte, left) = (UInt8(0), 8)
      var place = 0
      for index in indices {
        left -= bitDepth
        byte |= index << UInt8(left)
        guard left == 0 else { continue }
        packed[place] = byte
        (byte, left, place) = (0, 8, place + 1)
      }
      if place < packed.count { packed[place] = byte }
    }
  }
}
