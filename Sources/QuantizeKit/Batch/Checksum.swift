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

  /// The checksum of a file.
  ///
  /// - Throws: `QuantizeError.unreadable` or `.inputOutput`.
  /// - Complexity: O(bytes); memory for a mebibyte.
  static func of(_ location: FileLocation) throws(QuantizeError) -> UInt32 {
    var checksum: UInt32 = 0
    try InputFile.forEachChunk(of: location, bytes: 1 << 20) { chunk in
      checksum = UInt32(
        truncatingIfNeeded: libdeflate_crc32(
          checksum, chunk.baseAddress, chunk.count))
    }
    return checksum
  }
}
