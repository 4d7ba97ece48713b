import CLibrary
import ImageFormats

/// Command-line arguments as text that loses no byte of them.
///
/// Arguments are bytes, and names of files may be any; text is UTF-8. A byte that
/// belongs to no character is carried as a private one, U+10FE80 to U+10FEFF, and
/// so are the bytes of those, should they occur.
public enum ArgumentText {
  private static let first: UInt32 = 0x10_FE00

  private static let carriers = first + 0x80...first + 0xFF

  /// The arguments of this process, its own name first.
  public static var ofProcess: [String] {
    (0..<Int(CommandLine.argc)).compactMap {
      guard let argument = CommandLine.unsafeArgv[$0] else { return nil }
      return encoded(
        UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }

  /// Bytes as text.
  ///
  /// - Complexity: O(count of the bytes).
  public static func encoded(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { carriers.contains($0.value) })
    {
      return text
    }
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let byte = rest.first {
      // A character has at most four bytes.
      let character = (1...4).lazy.compactMap { count in
        String(validating: rest.prefix(count), as: UTF8.self)
      }.first?.unicodeScalars.first
      if let character, !carriers.contains(character.value) {
        text.append(character)
        rest = rest.dropFirst(character.utf8.count)
      } else {
        if let carrier = Unicode.Scalar(first + UInt32(byte)) {
          text.append(carrier)
        }
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The bytes of a text.
  ///
  /// - Complexity: O(length).
  public static func bytes(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if carriers.contains(scalar.value) {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes += Array(Unicode.UTF8.encode(scalar) ?? .init())
      }
    }
    return bytes
  }

  /// A text that may quote arguments, for people: control characters are
  /// escaped, and bytes that are not UTF-8 are U+FFFD.
  public static func shown(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(carriers.contains(scalar.value) ? "\u{FFFD}" : scalar)
    }
    return escaped(String(result))
  }
}
