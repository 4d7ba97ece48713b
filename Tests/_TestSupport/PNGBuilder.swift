/// Makes PNG files byte by byte, with no code of libpng or zlib: the image data
/// is stored, not squeezed, and each row has filter 0.
public struct PNGBuilder {
  /// Pixels in a row.
  public var width: Int
  /// Rows.
  public var height: Int
  /// 1, 2, 4, 8 or 16 bits a sample.
  public var bitDepth: Int
  /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
  public var colorType: Int
  /// Whether the rows come in the seven passes of Adam7.
  public var interlaced = false
  /// Chunks between IHDR and the image data, in their order.
  public var chunks: [(name: String, payload: [UInt8])] = []
  /// Chunks between the image data and IEND.
  public var lateChunks: [(name: String, payload: [UInt8])] = []
  /// The sample of a column, a row and a channel.
  public var sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int

  /// Creates a builder.
  public init(
    width: Int, height: Int, bitDepth: Int, colorType: Int,
    sample: @escaping (_ x: Int, _ y: Int, _ channel: Int) -> Int
  ) {
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.colorType = colorType
    self.sample = sample
  }

  /// The first eight bytes of every PNG.
  public static let signature: [UInt8] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a,
  ]

  /// Samples a pixel in the file.
  public var channelCount: Int {
    [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType] ?? 0
  }

  /// The whole file.
  public func bytes() -> [UInt8] {
    let header =
      bigEndian(width) + bigEndian(height)
      + [UInt8(bitDepth), UInt8(colorType), 0, 0, interlaced ? 1 : 0]
    var file = Self.signature + Self.chunk("IHDR", header)
    for (name, payload) in chunks { file += Self.chunk(name, payload) }
    file += Self.chunk("IDAT", Self.stored(rows()))
    for (name, payload) in lateChunks { file += Self.chunk(name, payload) }
    return file + Self.chunk("IEND", [])
  }

  /// A chunk: length, name, payload, CRC-32.
  public static func chunk(_ name: String, _ payload: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + payload
    return bigEndian(payload.count) + checked + bigEndian(Int(crc32(checked)))
  }

  /// A zlib stream of stored blocks.
  public static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, bytes.count)
      let count = end - start
      stream.append(end == bytes.count ? 1 : 0)
      for number in [count, ~count & 0xffff] {
        stream += [UInt8(number & 255), UInt8(number >> 8)]
      }
      stream += bytes[start..<end]
      start = end
    } while start < bytes.count
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return stream + bigEndian(high << 16 | low)
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        let odd = remainder & 1 == 1
        remainder = remainder >> 1 ^ (odd ? 0xedb8_8320 : 0)
      }
    }
    return ~remainder
  }

  /// The rows with their filter bytes, before compression.
  private func rows() -> [UInt8] {
    guard interlaced else {
      return pass(fromX: 0, fromY: 0, stepX: 1, stepY: 1)
    }
    return pass(fromX: 0, fromY: 0, stepX: 8, stepY: 8)
      + pass(fromX: 4, fromY: 0, stepX: 8, stepY: 8)
      + pass(fromX: 0, fromY: 4, stepX: 4, stepY: 8)
      + pass(fromX: 2, fromY: 0, stepX: 4, stepY: 4)
      + pass(fromX: 0, fromY: 2, stepX: 2, stepY: 4)
      + pass(fromX: 1, fromY: 0, stepX: 2, stepY: 2)
      + pass(fromX: 0, fromY: 1, stepX: 1, stepY: 2)
  }

  private func pass(
    fromX: Int, fromY: Int, stepX: Int, stepY: Int
  ) -> [UInt8] {
    guard fromX < width else { return [] }
    var result: [UInt8] = []
    for y in stride(from: fromY, to: height, by: stepY) {
      result.append(0)
      var bits = 0
      var pending = 0
      for x in stride(from: fromX, to: width, by: stepX) {
        for channel in 0..<channelCount {
          pending = pending << bitDepth | sample(x, y, channel)
          bits += bitDepth
          while bits >= 8 {
            result.append(UInt8(pending >> (bits - 8) & 255))
            bits -= 8
          }
          pending &= 0xffff
        }
      }
      if bits > 0 { result.append(UInt8(pending << (8 - bits) & 255)) }
    }
    return result
  }
}

/// A number as four bytes, the most significant first.
public func bigEndian(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}
