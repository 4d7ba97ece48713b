import CDeflate
import CImageShims

/// The image data of a PNG in memory, inflated at once by libdeflate, and put back
/// as blocks that are only stored.
///
/// libdeflate takes about half the work of zlib, which libpng inflates with;
/// stored blocks it only copies, and so libpng does all that is left: filters,
/// passes, checks and messages. Where anything is unusual there are none, and
/// libpng reads the file as it is.
struct PlainImageData: ~Copyable {
  /// What stands in the file's place from the payload of its first IDAT on: the
  /// payload, as long as that of the file, since libpng knows its length
  /// already, its CRC, and if need be a second chunk with the rest. The CRCs are
  /// zeros.
  let bytes: UnsafeMutableBufferPointer<UInt8>

  /// Where the file goes on: behind its last IDAT.
  let end: Int

  /// More is left to zlib, which inflates row by row: estimates of memory have
  /// this much to spare.
  private static let mostBytes = 32 << 20

  /// The most bytes of a stored block.
  private static let blockBytes = 65_535

  /// Inflates image data and checks them. There are none where they are damaged,
  /// long, or not exactly what the image needs.
  ///
  /// - Parameters:
  ///   - file: The whole file.
  ///   - start: Where the payload of the first IDAT begins.
  ///   - layout: What the file says of its image.
  /// - Complexity: O(bytes); memory for the inflated ones.
  init?(
    _ file: UnsafeBufferPointer<UInt8>, from start: Int,
    _ layout: qz_png_header
  ) {
    guard let count = Self.rowBytes(layout), count <= Self.mostBytes,
      let data = Self.gather(file, from: start)
    else { return nil }
    let blocks = (count + Self.blockBytes - 1) / Self.blockBytes
    let streamBytes = 2 + 5 * blocks + count + 4
    // Two CRCs, and the length and the name of the second chunk.
    let room = streamBytes + 16
    guard data.stream.count <= streamBytes,
      Self.windowHolds(count, data.stream), qz_can_allocate(room) != 0,
      let inflater = libdeflate_alloc_decompressor()
    else { return nil }
    defer { libdeflate_free_decompressor(inflater) }
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: room)
    // At the end of the memory: what is put before each block moves it to its
    // place, never beyond what is still to be moved.
    let plain = UnsafeMutableBufferPointer(rebasing: bytes[(room - count)...])
    var (used, written) = (0, 0)
    let result = libdeflate_zlib_decompress_ex(
      inflater, data.stream, data.stream.count, plain.baseAddress, count,
      &used, &written)
    guard result == LIBDEFLATE_SUCCESS, written == count,
      used == data.stream.count
    else {
      bytes.deallocate()
      return nil
    }
    var layer = Layer(
      bytes, chunkBytes: data.firstCount, streamBytes: streamBytes)
    layer.put([0x78, 0x01])
    for first in stride(from: 0, to: count, by: Self.blockBytes) {
      let length = min(Self.blockBytes, count - first)
      let low = UInt16(truncatingIfNeeded: length).littleEndian
      layer.put(first + length == count ? [1] : [0])
      withUnsafeBytes(of: (low, ~low)) { layer.put(Array($0)) }
      layer.put(
        UnsafeBufferPointer(rebasing: plain[first..<first + length]))
    }
    layer.put(Array(data.stream.suffix(4)))
    layer.put(chunkEnd: 0)
    self.bytes = UnsafeMutableBufferPointer(rebasing: bytes[..<layer.count])
    end = data.end
  }

  deinit { bytes.deallocate() }

  /// The bytes of all rows, with a byte for the filter of each.
  ///
  /// - Returns: `nil` where they are beyond what is inflated at once.
  private static func rowBytes(_ layout: qz_png_header) -> Int? {
    // Each pass of Adam7 has the pixels from a first one on, at distances.
    let passes =
      layout.interlaced == 0
      ? [(0, 0, 1, 1)]
      : [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
        (1, 0, 2, 2), (0, 1, 1, 2),
      ]
    var sum = 0
    for (x, y, stepX, stepY) in passes {
      let columns = (Int(layout.width) - x + stepX - 1) / stepX
      let rows = (Int(layout.height) - y + stepY - 1) / stepY
      guard columns > 0, rows > 0 else { continue }
      let stride = 1 + (columns * layout.pixelBits + 7) / 8
      guard rows <= mostBytes / stride else { return nil }
      sum += rows * stride
    }
    return sum
  }

  /// The payloads of the IDAT chunks that follow each other.
  ///
  /// - Returns: Their bytes, those of the first, and where the last chunk ends;
  ///   `nil` where a chunk is cut off or its CRC is wrong.
  private static func gather(
    _ file: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (stream: [UInt8], firstCount: Int, end: Int)? {
    var stream: [UInt8] = []
    var firstCount: Int?
    var offset = start - 8
    while offset >= 0, offset + 12 <= file.count {
      let header = Array(file[offset..<offset + 8])
      guard header.has("IDAT", at: 4) else { break }
      guard let length = header.number(at: 0, count: 4, .big),
        length <= file.count - offset - 12
      else { return nil }
      let checked = UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(file)[
          (offset + 4)..<(offset + 8 + length)])
      let end = offset + 8 + length
      guard
        Array(file[end..<end + 4]).number(at: 0, count: 4, .big)
          == Int(libdeflate_crc32(0, checked.baseAddress, checked.count))
      else { return nil }
      stream += file[(offset + 8)..<end]
      firstCount = firstCount ?? length
      offset = end + 4
    }
    guard let firstCount, stream.count > 6 else { return nil }
    return (stream, firstCount, offset)
  }

  /// Whether no distance can be beyond the window that the stream names, which
  /// libdeflate does not look at.
  private static func windowHolds(_ count: Int, _ stream: [UInt8]) -> Bool {
    let window = 256 << Int(stream[0] >> 4)
    return window >= min(count, 1 << 15)
  }

  /// Lays bytes behind each other, and cuts them into two chunks.
  private struct Layer {
    private(set) var count = 0
    private let room: UnsafeMutableBufferPointer<UInt8>

    /// What is left to put into the first chunk, and then into the second; `nil`
    /// when that was begun.
    private var left: Int
    private var rest: Int?

    init(
      _ room: UnsafeMutableBufferPointer<UInt8>, chunkBytes: Int,
      streamBytes: Int
    ) {
      self.room = room
      left = chunkBytes
      rest = streamBytes - chunkBytes
    }

    mutating func put(_ bytes: [UInt8]) {
      bytes.withUnsafeBufferPointer { put($0) }
    }

    mutating func put(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
      put(UnsafeBufferPointer(bytes))
    }

    /// Puts bytes, which may stand further back in the same memory.
    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
      let now = rest == nil ? bytes.count : min(left, bytes.count)
      append(UnsafeBufferPointer(rebasing: bytes[..<now]))
      left -= now
      guard now < bytes.count, let length = rest else { return }
      rest = nil
      put(chunkEnd: 0)
      for shift in [24, 16, 8, 0] {
        append([UInt8(truncatingIfNeeded: length >> shift)])
      }
      append(Array("IDAT".utf8))
      put(UnsafeBufferPointer(rebasing: bytes[now...]))
    }

    /// Puts a CRC.
    mutating func put(chunkEnd crc: UInt32) {
      withUnsafeBytes(of: crc) { append(Array($0)) }
    }

    private mutating func append(_ bytes: [UInt8]) {
      bytes.withUnsafeBufferPointer { append($0) }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
      guard let source = bytes.baseAddress, let start = room.baseAddress else {
        return
      }
      (start + count).update(from: source, count: bytes.count)
      count += bytes.count
    }
  }
}

extension qz_png_header {
  /// The bits of a pixel in the file.
  var pixelBits: Int {
    let samples =
      switch color_type {
      case 2: 3
      case 4: 2
      case 6: 4
      default: 1
      }
    return samples * Int(bit_depth)
  }
}
