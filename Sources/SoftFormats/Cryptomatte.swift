/// Names as the Cryptomatte convention identifies them (J. Friedman and A. C.
/// Jones, "Cryptomatte specification", version 1.2.0, 2018).
package enum Cryptomatte {
  /// The hash of a name: MurmurHash3 for 32 bits, seed 0 (A. Appleby), with a bit
  /// of the exponent turned where the number would be no normal float.
  ///
  /// - Complexity: O(length).
  package static func hash(_ name: String) -> UInt32 {
    let bytes = Array(name.utf8)
    var hash: UInt32 = 0
    for start in stride(from: 0, to: bytes.count, by: 4) {
      var word: UInt32 = 0
      for (i, byte) in bytes[start..<min(bytes.count, start + 4)].enumerated() {
        word |= UInt32(byte) << UInt32(8 * i)
      }
      word = rotated(word &* 0xcc9e_2d51, by: 15) &* 0x1b87_3593
      hash ^= word
      // What is left over at the end is not mixed in further.
      guard start + 4 <= bytes.count else { break }
      hash = rotated(hash, by: 13) &* 5 &+ 0xe654_6b64
    }
    hash ^= UInt32(truncatingIfNeeded: bytes.count)
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    hash ^= hash >> 16
    let exponent = hash >> 23 & 0xff
    return exponent == 0 || exponent == 0xff ? hash ^ 1 << 23 : hash
  }

  private static func rotated(_ word: UInt32, by bits: UInt32) -> UInt32 {
    word << bits | word >> (32 - bits)
  }

  /// A hash in eight hexadecimal digits.
  static func digits(_ hash: UInt32) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The manifest: JSON that gives each name, which needs no escape, its hash.
  static func manifest(_ names: [String]) -> String {
    let pairs = names.map { "\"\($0)\":\"\(digits(hash($0)))\"" }
    return "{" + pairs.joined(separator: ",") + "}"
  }
}
