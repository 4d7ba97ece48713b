/// Reads text in which a line is a row: comma-separated values (RFC 4180), or other
/// separators.
///
/// The separator is what the first line has outside quotes: a tab, a semicolon, a comma,
/// or else white space. Where it is a semicolon, a comma may be a decimal point. A
/// first line of words alone names the columns. Lines that begin with #, and empty
/// ones, are passed over. A quote opens at the beginning of a field.
struct CSVReader {
  private let bytes: [UInt8]

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")
  private static let separators = [
    UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ","),
  ]

  private enum Separator {
    case byte(UInt8)
    case white

    func isOne(_ byte: UInt8) -> Bool {
      switch self {
      case .byte(let mark): byte == mark
      case .white: byte <= 0x20
      }
    }
  }

  /// Takes a file.
  ///
  /// - Throws: `TableError.noText` where it is none in UTF-8.
  init(_ bytes: [UInt8]) throws(TableError) {
    if bytes.starts(with: [0x1f, 0x8b]) {
      throw .noText("it is compressed (gzip); unpack it first")
    }
    let isWide =
      bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff])
    guard !isWide, !bytes.contains(0) else {
      throw .noText("it is no text in UTF-8; save it as that, or as .npy")
    }
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    // Lines of old Macs end with a carriage return alone.
    self.bytes =
      text.contains(Self.newline)
      ? text : text.map { $0 == UInt8(ascii: "\r") ? Self.newline : $0 }
  }

  /// Reads the table.
  ///
  /// - Parameters:
  ///   - columns: Which columns; empty for all.
  ///   - header: Whether the first line names the columns; `nil` where that is to be
  ///     seen.
  /// - Returns: The table.
  /// - Throws: `TableError`.
  /// - Complexity: O(bytes).
  func table(
    _ columns: [ColumnChoice], header: Bool?
  ) throws(TableError) -> Table {
    var place = 0
    var line = 0
    var separator: Separator?
    var names: [String]?
    var chosen: [Int]?
    var width = 0
    var values: [Double] = []
    while let (range, number) = try nextLine(&place, &line, separator) {
      let kind = separator ?? Self.separator(bytes[range])
      separator = kind
      let fields = Self.fields(bytes[range], kind)
      let places: [Int]
      if let known = chosen {
        guard fields.count == width else {
          throw .ragged(line: number, fields: fields.count, expected: width)
        }
        places = known
      } else {
        width = fields.count
        if try Self.isHeader(fields, kind, header, line: number) {
          names = fields
        }
        places = try ColumnChoice.places(columns, names: names, count: width)
        chosen = places
        if names != nil { continue }
      }
      for column in places {
        guard let value = Self.number(fields[column], kind) else {
          throw .notANumber(
            line: number, column: column + 1, text: Self.shown(fields[column]))
        }
        values.append(value)
      }
    }
    guard let chosen, !chosen.isEmpty, !values.isEmpty else { throw .empty }
    return try Table(
      values, columns: chosen.count,
      names: names.map { names in chosen.map { names[$0] } })
  }

  /// The names of all columns.
  ///
  /// - Parameter header: As above.
  /// - Returns: Them; `nil` where the file has none.
  /// - Throws: `TableError`.
  func names(header: Bool?) throws(TableError) -> [String]? {
    var place = 0
    var line = 0
    guard let (range, number) = try nextLine(&place, &line, nil) else {
      return nil
    }
    let kind = Self.separator(bytes[range])
    let fields = Self.fields(bytes[range], kind)
    return try Self.isHeader(fields, kind, header, line: number) ? fields : nil
  }

  /// Whether a first line names the columns.
  private static func isHeader(
    _ fields: [String], _ separator: Separator, _ header: Bool?, line: Int
  ) throws(TableError) -> Bool {
    if let header { return header }
    let numbers = fields.count { number($0, separator) != nil }
    guard numbers == 0 || numbers == fields.count else {
      throw .mixedHeader(line: line)
    }
    return numbers == 0
  }

  /// The next line that is not empty and no comment, without its end; a quoted
  /// field may have line breaks.
  private func nextLine(
    _ place: inout Int, _ line: inout Int, _ separator: Separator?
  ) throws(TableError) -> (Range<Int>, number: Int)? {
    while place < bytes.count {
      let start = place
      line += 1
      let number = line
      let isComment = bytes[start] == UInt8(ascii: "#")
      var quotes = Quotes()
      while place < bytes.count,
        quotes.isOpen || bytes[place] != Self.newline
      {
        let byte = bytes[place]
        if byte == Self.newline { line += 1 }
        place += 1
        guard !isComment else { continue }
        quotes.take(
          byte, next: place < bytes.count ? bytes[place] : 0,
          isSeparator: separator?.isOne(byte)
            ?? Self.separators.contains(byte))
      }
      guard !quotes.isOpen else { throw .openQuote(line: number) }
      var end = place
      place += 1
      while end > start,
        bytes[end - 1] == UInt8(ascii: "\r")
          || bytes[end - 1] == UInt8(ascii: " ")
      {
        end -= 1
      }
      guard end > start, !isComment else { continue }
      return (start..<end, number)
    }
    return nil
  }

  /// Whether a place is within quotes: one opens at the beginning of a field, and two
  /// within are one that belongs to the text.
  private struct Quotes {
    private(set) var isOpen = false
    private var isStart = true
    private var skips = false

    mutating func take(_ byte: UInt8, next: UInt8, isSeparator: Bool) {
      if skips {
        skips = false
      } else if isOpen {
        guard byte == quote else { return }
        skips = next == quote
        isOpen = skips
      } else if byte == quote, isStart {
        isOpen = true
        isStart = false
      } else {
        isStart = isSeparator || (isStart && byte <= 0x20)
      }
    }
  }

  private static func separator(_ line: ArraySlice<UInt8>) -> Separator {
    var quotes = Quotes()
    var found: Set<UInt8> = []
    for place in line.indices {
      let byte = line[place]
      let isOne = separators.contains(byte)
      if isOne, !quotes.isOpen { found.insert(byte) }
      quotes.take(
        byte, next: place + 1 < line.endIndex ? line[place + 1] : 0,
        isSeparator: isOne)
    }
    return separators.first { found.contains($0) }.map { .byte($0) } ?? .white
  }

  /// The fields of a line, without quotes and white space around them.
  private static func fields(
    _ line: ArraySlice<UInt8>, _ separator: Separator
  ) -> [String] {
    var fields: [String] = []
    var start = line.startIndex
    var quotes = Quotes()
    for place in line.indices {
      let byte = line[place]
      let isOne = separator.isOne(byte)
      if isOne, !quotes.isOpen {
        fields.append(text(line[start..<place]))
        start = place + 1
      }
      quotes.take(
        byte, next: place + 1 < line.endIndex ? line[place + 1] : 0,
        isSeparator: isOne)
    }
    fields.append(text(line[start...]))
    // White space, however much, is one separator.
    if case .white = separator { fields.removeAll(where: \.isEmpty) }
    return fields
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    var field = field.drop { $0 <= 0x20 }
    while let last = field.last, last <= 0x20 { field.removeLast() }
    guard field.first == quote, field.last == quote, field.count > 1 else {
      return String(decoding: field, as: UTF8.self)
    }
    let inner = Array(field.dropFirst().dropLast())
    var result: [UInt8] = []
    var place = 0
    while place < inner.count {
      result.append(inner[place])
      let isDouble =
        inner[place] == quote && place + 1 < inner.count
        && inner[place + 1] == quote
      place += isDouble ? 2 : 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func number(
    _ text: String, _ separator: Separator
  ) -> Double? {
    // Swift reads hexadecimal numbers, which no table has.
    guard !text.utf8.contains(where: { "xXpP".utf8.contains($0) }) else {
      return nil
    }
    if let number = Double(text) { return number }
    guard case .byte(UInt8(ascii: ";")) = separator, !text.contains(".") else {
      return nil
    }
    return Double(String(text.map { $0 == "," ? "." : $0 }))
  }

  /// A field as messages show it.
  private static func shown(_ field: String) -> String {
    guard !field.isEmpty else { return "an empty field" }
    let text = String(
      field.unicodeScalars.prefix(40).map {
        $0.properties.isWhitespace || $0.value < 0x20 ? " " : Character($0)
      })
    return "“\(text)\(field.unicodeScalars.count > 40 ? "…" : "")”"
  }
}
