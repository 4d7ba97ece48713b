import ImageFormats

/// The lines of a palette that is a text.
struct TextLines {
  /// The lines with their numbers, from 1, without space around them.
  let lines: [(number: Int, text: Substring)]

  /// Takes a file apart: UTF-8, or else Latin-1; line ends of any kind.
  init(_ bytes: [UInt8]) {
    lines = Self.text(bytes)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().map { ($0 + 1, Self.trimmed($1)) }
  }

  /// The characters of a file, without a byte order mark.
  static func text(_ bytes: [UInt8]) -> String {
    let bytes =
      bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var latin = String.UnicodeScalarView()
    latin.append(contentsOf: bytes.map { Unicode.Scalar($0) })
    return String(latin)
  }

  /// The text without space around it; an accent after the space stays.
  static func trimmed(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars.drop(while: \.properties.isWhitespace)
    while scalars.last?.properties.isWhitespace == true {
      scalars.removeLast()
    }
    return Substring(scalars)
  }

  /// Whether a byte is white space of ASCII.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  /// A decimal sample, 0 to 255.
  static func sample(_ text: Substring) -> UInt8? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt8(text) : nil
  }

  /// A piece of the file as a message shows it: one short line.
  static func quoted(_ text: some StringProtocol) -> String {
    let most = 40
    let start = String(text.prefix(most))
    return "“\(escaped(start))\(text.count > most ? "…" : "")”"
  }

  /// A name or title as one line of a text holds it; `nil` where nothing is
  /// left.
  static func oneLine(_ text: String?) -> String? {
    guard let text else { return nil }
    let words = text.split {
      $0.isWhitespace
        || $0.unicodeScalars.contains {
          $0.properties.generalCategory == .control
        }
    }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
