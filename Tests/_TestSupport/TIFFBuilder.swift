/// Writes TIFFs (TIFF 6.0, Adobe 1992) as plainly as the specification says it,
/// with nothing compressed or by PackBits.
public struct TIFFBuilder: Sendable {
  /// How pixels are put together.
  public enum Layout: Sendable, CaseIterable {
    case strips, oneStrip, tiles
  }

  /// Pixels in a row.
  public var width = 5
  /// Rows.
  public var height = 4
  /// Bits a sample.
  public var bits = 8
  /// Samples a pixel.
  public var samples = 1
  /// 1 unsigned, 2 signed, 3 floats.
  public var format = 1
  /// 0 grey with white first, 1 grey, 2 colours, 3 a palette.
  public var photometric = 1
  /// The order of bytes.
  public var isLittleEndian = true
  /// Whether it is a BigTIFF.
  public var isBig = false
  /// Whether each sample has strips or tiles of its own.
  public var isPlanar = false
  /// Whether they are compressed by PackBits.
  public var isPacked = false
  /// Strips or tiles.
  public var layout = Layout.strips
  /// Rows of each strip but the last.
  public var rowsPerStrip = 3
  /// 1 to 8, if it is said.
  public var orientation: Int?
  /// 0 unspecified, 1 associated alpha, 2 unassociated.
  public var extraSamples: [Int] = []
  /// All reds, all greens and all blues.
  public var colorMap: [UInt16] = []
  /// An ICC profile.
  public var profile: [UInt8]?
  /// An XMP packet.
  public var xmp: [UInt8]?
  /// Pixels an inch.
  public var density: (Int, Int)?
  /// How often the image is there.
  public var pages = 1

  /// The description of the first page.
  public var description: String?

  /// Further fields: a tag, its type by TIFF 6.0, and its numbers.
  public var fields: [(tag: Int, type: Int, values: [Int])] = []

  /// Where a file ends too early.
  public var cutsLastStrip = false

  /// An image of grey.
  public init() {}

  /// The file.
  ///
  /// - Parameter value: The sample of a column, a row and a number in the pixel,
  ///   as its bits.
  /// - Returns: Its bytes.
  public func bytes(_ value: (Int, Int, Int) -> UInt64) -> [UInt8] {
    stack({ _, x, y, sample in value(x, y, sample) })
  }

  /// The file.
  ///
  /// - Parameter value: The sample of a page, a column, a row and a number in the
  ///   pixel, as its bits.
  /// - Returns: Its bytes.
  public func stack(_ value: (Int, Int, Int, Int) -> UInt64) -> [UInt8] {
    var out: [UInt8] =
      isLittleEndian ? [0x49, 0x49] : [0x4d, 0x4d]
    out += number(isBig ? 43 : 42, 2)
    if isBig { out += number(8, 2) + number(0, 2) }
    var link = out.count
    out += number(0, offsetBytes)
    for page in 0..<pages {
      var offsets: [Int] = []
      var counts: [Int] = []
      for block in blocks({ value(page, $0, $1, $2) }) {
        offsets.append(out.count)
        counts.append(block.count)
        out += block
      }
      if cutsLastStrip { out.removeLast(counts.last.map { $0 / 2 + 1 } ?? 0) }
      if out.count % 2 == 1 { out.append(0) }
      out.replaceSubrange(
        link..<link + offsetBytes, with: number(out.count, offsetBytes))
      let fields = fields(offsets, counts)
      var extra: [UInt8] = []
      let start =
        out.count + (isBig ? 8 : 2) + fields.count * (isBig ? 20 : 12)
        + offsetBytes
      var directory = number(fields.count, isBig ? 8 : 2)
      for (tag, type, values) in fields {
        let size =
          [1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 7: 1, 12: 8, 16: 8][type] ?? 1
        let data = values.flatMap { number($0, size) }
        directory += number(tag, 2) + number(type, 2)
        directory += number(
          type == 5 ? values.count / 2 : values.count, offsetBytes)
        if data.count <= offsetBytes {
          directory +=
            data + [UInt8](repeating: 0, count: offsetBytes - data.count)
        } else {
          directory += number(start + extra.count, offsetBytes)
          extra += data + (data.count % 2 == 1 ? [0] : [])
        }
      }
      out += directory
      link = out.count
      out += number(0, offsetBytes) + extra
    }
    return out
  }

  private var offsetBytes: Int { isBig ? 8 : 4 }

  private func number(_ value: Int, _ count: Int) -> [UInt8] {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isLittleEndian ? bytes : bytes.reversed()
  }

  private func fields(
    _ offsets: [Int], _ counts: [Int]
  ) -> [(tag: Int, type: Int, values: [Int])] {
    let offsetType = isBig ? 16 : 4
    var fields: [(tag: Int, type: Int, values: [Int])] = [
      (256, 4, [width]), (257, 4, [height]),
      (258, 3, [Int](repeating: bits, count: samples)),
      (259, 3, [isPacked ? 32_773 : 1]), (262, 3, [photometric]),
      (277, 3, [samples]), (284, 3, [isPlanar ? 2 : 1]),
      (339, 3, [Int](repeating: format, count: samples)),
    ]
    if layout == .tiles {
      fields += [
        (322, 4, [16]), (323, 4, [16]), (324, offsetType, offsets),
        (325, 4, counts),
      ]
    } else {
      fields += [
        (273, offsetType, offsets),
        (278, 4, [layout == .oneStrip ? height : rowsPerStrip]),
        (279, 4, counts),
      ]
    }
    fields += self.fields
    if let description {
      fields.append((270, 2, Array(description.utf8).map { Int($0) } + [0]))
    }
    if let orientation { fields.append((274, 3, [orientation])) }
    if !extraSamples.isEmpty { fields.append((338, 3, extraSamples)) }
    if !colorMap.isEmpty { fields.append((320, 3, colorMap.map { Int($0) })) }
    if let profile { fields.append((34_675, 7, profile.map { Int($0) })) }
    if let xmp { fields.append((700, 1, xmp.map { Int($0) })) }
    if let density {
      fields += [
        (282, 5, [density.0, 1]), (283, 5, [density.1, 1]), (296, 3, [2]),
      ]
    }
    return fields.sorted { $0.tag < $1.tag }
  }

  /// All strips or tiles.
  private func blocks(_ value: (Int, Int, Int) -> UInt64) -> [[UInt8]] {
    let rows = layout == .oneStrip ? height : rowsPerStrip
    let (blockWidth, blockHeight) = layout == .tiles ? (16, 16) : (width, rows)
    var blocks: [[UInt8]] = []
    for plane in 0..<(isPlanar ? samples : 1) {
      for top in stride(from: 0, to: height, by: blockHeight) {
        for left in stride(from: 0, to: width, by: blockWidth) {
          let end = layout == .tiles ? top + 16 : min(height, top + blockHeight)
          var block: [UInt8] = []
          for y in top..<end {
            var row: [UInt64] = []
            for x in left..<left + blockWidth {
              for d in isPlanar ? plane..<plane + 1 : 0..<samples {
                row.append(x < width && y < height ? value(x, y, d) : 0)
              }
            }
            let packed = packed(row)
            block += isPacked ? Self.packBits(packed) : packed
          }
          blocks.append(block)
        }
      }
    }
    return blocks
  }

  /// The samples of a row, from a byte on.
  private func packed(_ row: [UInt64]) -> [UInt8] {
    if bits >= 8, bits % 8 == 0 {
      return row.flatMap { number(Int(truncatingIfNeeded: $0), bits / 8) }
    }
    var text = row.map { value in
      let digits = String(value, radix: 2)
      return String(repeating: "0", count: bits - digits.count) + digits
    }.joined()
    text += String(repeating: "0", count: (8 - text.count % 8) % 8)
    return stride(from: 0, to: text.count, by: 8).map { place in
      UInt8(text.dropFirst(place).prefix(8), radix: 2) ?? 0
    }
  }

  /// Literal runs alone.
  private static func packBits(_ row: [UInt8]) -> [UInt8] {
    stride(from: 0, to: row.count, by: 128).flatMap { place in
      let run = row[place..<min(row.count, place + 128)]
      return [UInt8(run.count - 1)] + run
    }
  }
}
