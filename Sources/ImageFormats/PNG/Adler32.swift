/// The checksum of zlib streams (RFC 1950).
package enum Adler32 {
  private static let modulus: UInt64 = 65_521

  /// The checksum of bytes and of those behind them.
  ///
  /// - Parameters:
  ///   - first: The checksum of the first bytes.
  ///   - second: That of the others.
  ///   - count: How many the others are.
  /// - Returns: The checksum of all.
  package static func joined(_ first: UInt32, _ second: UInt32, count: Int)
    -> UInt32
  {
    // The lower half is 1 and the sum of all bytes; the upper half adds up what
    // the lower was after each byte.
    let low = UInt64(first & 0xffff) + modulus - 1
    let sum = (low + UInt64(second & 0xffff)) % modulus
    let sums =
      (UInt64(first >> 16) + UInt64(second >> 16)
        + UInt64(count) % modulus * (low % modulus)) % modulus
    return UInt32(truncatingIfNeeded: sums << 16 | sum)
  }
}
