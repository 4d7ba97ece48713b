/// Metadata as text, as ImageMagick and ExifTool put it into PNGs before there was
/// a chunk for it: a line with its name, a line with the count of its bytes, and
/// lines of hex digits.
enum RawProfile {
  /// The bytes of such a text.
  ///
  /// - Parameter text: The text behind the keyword.
  /// - Returns: As many bytes as it says; `nil` where there are fewer, or
  ///   something else is among the digits.
  /// - Complexity: O(length).
  static func bytes(_ text: [UInt8]) -> [UInt8]? {
    var rest = text[...].drop { isSpace($0) }
    rest = rest.drop { $0 != UInt8(ascii: "\n") }.drop { isSpace($0) }
    let digits = rest.prefix { !isSpace($0) }
    guard let count = Int(String(decoding: digits, as: UTF8.self)), count > 0
    else { return nil }
    rest = rest.dropFirst(digits.count)
    guard rest.count / 2 >= count else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var high: UInt8?
    for byte in rest where !isSpace(byte) {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        return nil
      }
      let value = UInt8(digit)
      guard let first = high else {
        high = value
        continue
      }
      bytes.append(first << 4 | value)
      high = nil
      if bytes.count == count { return bytes }
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }
}
