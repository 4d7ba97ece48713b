import _TestSupport

/// Puts the CRCs of a PNG right, so that what was changed at random is looked
/// at rather than refused.
enum PNGRepair {
  /// The same file with the CRC of each whole chunk as it must be.
  static func repaired(_ file: [UInt8]) -> [UInt8] {
    guard file.starts(with: PNGBuilder.signature) else { return file }
    var file = file
    var position = 8
    while position + 12 <= file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 8 + length
      guard end + 4 <= file.count else { break }
      let sum = bigEndian(Int(crc32(file[position + 4..<end])))
      file.replaceSubrange(end..<end + 4, with: sum)
      position = end + 4
    }
    return file
  }

  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) {
      table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8
    }
  }

  private static let table = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { remainder, _ in
      remainder >> 1 ^ (remainder & 1 == 1 ? 0xedb8_8320 : 0)
    }
  }
}
