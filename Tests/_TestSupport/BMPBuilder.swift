/// Writes Windows bitmaps as their headers are documented.
public struct BMPBuilder: Sendable {
  /// Columns.
  public var width = 9
  /// Rows.
  public var height = 7
  /// Bits of a pixel.
  public var bits = 24
  /// The bytes of the header: 12, 40, 56, 108 or 124.
  public var header = 40
  /// 0 none, 1 and 2 runs of 8 and 4 bits, 3 masks.
  public var compression = 0
  /// Bits of red, green, blue and alpha.
  public var masks: [UInt32] = []
  /// Whether the first row is the uppermost.
  public var isTopDown = false
  /// How many colours the palette has; as many as there are indices if 0.
  public var colors = 0
  /// An ICC profile, in a header of 124 bytes.
  public var profile: [UInt8]?
  /// Pixels in a metre.
  public var density = 0
  /// Unused bytes before the pixels.
  public var gap = 0

  /// An image of 9 × 7 pixels.
  public init() {}

  /// The colour of an index.
  public static func color(_ index: Int) -> [UInt8] {
    [UInt8(index * 7 % 256), UInt8(index * 31 % 256), UInt8(255 - index)]
  }

  private func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The file.
  ///
  /// - Parameter value: The number or index of a column and a row.
  /// - Returns: Its bytes.
  public func bytes(_ value: (Int, Int) -> Int) -> [UInt8] {
    let order =
      isTopDown ? Array(0..<height) : Array((0..<height).reversed())
    let rows = order.flatMap { y in
      row((0..<width).map { value($0, y) })
    }
    return bytes(coded: rows)
  }

  /// The file, with pixels as they are stored.
  public func bytes(coded pixels: [UInt8]) -> [UInt8] {
    let isCore = header == 12
    let count = bits > 8 ? 0 : colors == 0 ? 1 << bits : colors
    var table: [UInt8] = []
    for index in 0..<count {
      table += Self.color(index).reversed() + (isCore ? [] : [0])
    }
    var head = number(header, 4)
    if isCore {
      head += number(width, 2) + number(height, 2) + number(1, 2)
      head += number(bits, 2)
    } else {
      head += number(width, 4) + number(isTopDown ? -height : height, 4)
      head += number(1, 2) + number(bits, 2) + number(compression, 4)
      head += number(pixels.count, 4) + number(density, 4) + number(density, 4)
      head += number(colors, 4) + number(0, 4)
      head += masks.flatMap { number(Int($0), 4) }
      let rest = header - head.count
      if rest > 0 { head += [UInt8](repeating: 0, count: rest) }
    }
    let offset = 14 + head.count + table.count + gap
    if let profile {
      head.replaceSubrange(56..<60, with: Array("DEBM".utf8))
      head.replaceSubrange(
        112..<120,
        with: number(offset - 14 + pixels.count, 4) + number(profile.count, 4))
    }
    var file = Array("BM".utf8) + number(offset + pixels.count, 4)
    file += number(0, 4) + number(offset, 4) + head + table
    file += [UInt8](repeating: 0, count: gap) + pixels
    return file + (profile ?? [])
  }

  /// A row, filled up to a whole number of 32 bits.
  private func row(_ values: [Int]) -> [UInt8] {
    var out: [UInt8] = []
    if bits >= 8 {
      out = values.flatMap { number($0, bits / 8) }
    } else {
      var (byte, filled) = (0, 0)
      for value in values {
        byte = byte << bits | value
        filled += bits
        if filled == 8 {
          out.append(UInt8(byte))
          (byte, filled) = (0, 0)
        }
      }
      if filled > 0 { out.append(UInt8(byte << (8 - filled))) }
    }
    while out.count % 4 != 0 { out.append(0) }
    return out
  }
}
