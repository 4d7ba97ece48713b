/// Puts the checksum of a histogram right, without which nothing behind it is
/// looked at.
enum HistogramRepair {
  private static let checksumSize = 8

  /// The bytes with the checksum that belongs to them in place of their last
  /// ones.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= checksumSize else { return bytes }
    let body = bytes.dropLast(checksumSize)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return body
      + (0..<UInt64(checksumSize)).map {
        UInt8(truncatingIfNeeded: hash >> (8 * $0))
      }
  }
}
