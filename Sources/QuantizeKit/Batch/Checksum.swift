import CDeflate

/// CRC-32, by which a file that was written anew with the same content is
/// known.
enum Checksum {
  /// The checksum of some bytes.
  ///
  /// - Complexity: O(bytes), many gigabytes a second.
  static func of(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
  }
}
