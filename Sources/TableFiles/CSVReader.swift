/// Reads text in which a line is a row: comma-separated values (RFC 4180), or other
/// separators.
///
/// The separator is what the first line has: a tab, a semicolon, a comma, or else
/// white space. Where it is a semicolon, a comma may be a decimal point. A first
/// line with a field that is no number names the columns. Lines that begin with #,
/// and empty ones, are passed over.
struct CSVReader {
  private let bytes: [UInt8]

  /// Takes a file.
  init(_ bytes: [UInt8]) {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
  }

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  private enum Separator {
    case byte(UInt8)
    case white
  }

  /// Reads the table.
  ///
  /// - Parameter columns: Which columns; empty for all.
  /// - Returns: The table.
  /// - Throws: `TableError`.
  /// - Complexity: O(bytes).
  func table(_ columns: [ColumnRange]) throws(TableError) -> Table {
    var place = 0
    var line = 0
    var separator: Separator?
    var names: [String]?
    var chosen: [Int]?
    var width = 0
    var values: [Double] = []
    while let (range, number) = try nextLine(&place, &line) {
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
        let all = Array(0..<width)
        if fields.contains(where: { Self.number($0, kind) == nil }),
          try !isData(fields, kind, columns, width)
        {
          names = fields
        }
        places =
          columns.isEmpty
          ? all
          : try ColumnRange.places(columns, names: names, count: width)
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

  /// Whether a first line with text is data all the same: its chosen columns, by
  /// number, hold numbers.
  private func isData(
    _ fields: [String], _ separator: Separator, _ columns: [ColumnRange],
    _ width: Int
  ) throws(TableError) -> Bool {
    guard !columns.isEmpty,
      let places = try? ColumnRange.places(columns, names: nil, count: width)
    else { return false }
    return places.allSatisfy { Self.number(fields[$0], separator) != nil }
  }

  /// The next line that is not empty and no comment, without its end; a quoted
  /// field may have line breaks.
  private func nextLine(
    _ place: inout Int, _ line: inout Int
  ) throws(TableError) -> (Range<Int>, number: Int)? {
    while place < bytes.count {
      let start = place
      line += 1
      let number = line
      var isQuoted = false
      while place < bytes.count, isQuoted || bytes[place] != Self.newline {
        if bytes[place] == Self.quote { isQuoted.toggle() }
        if bytes[place] == Self.newline { line += 1 }
        place += 1
      }
      guard !isQuoted else { throw .openQuote(line: number) }
      var end = place
      place += 1
      while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
      guard end > start, bytes[start] != UInt8(ascii: "#") else { continue }
      return (start..<end, number)
    }
    return nil
  }

  private static func separator(_ line: ArraySlice<UInt8>) -> Separator {
    for mark in ["\t", ";", ","] {
      if let byte = mark.utf8.first, line.contains(byte) { return .byte(byte) }
    }
    return .white
  }

  /// The fields of a line, without quotes and white space around them.
  private static func fields(
    _ line: ArraySlice<UInt8>, _ separator: Separator
  ) -> [String] {
    guard case .byte(let mark) = separator else {
      return line.split { $0 <= 0x20 }.map { text($0) }
    }
    var fields: [String] = []
    var start = line.startIndex
    var isQuoted = false
    for place in line.indices {
      if line[place] == quote { isQuoted.toggle() }
      guard line[place] == mark, !isQuoted else { continue }
      fields.append(text(line[start..<place]))
      start = place + 1
    }
    fields.append(text(line[start...]))
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

  private static func number(_ text: String, _ separator: Separator) -> Double?
  {
    // Swift reads hexadecimal numbers, which no table has.
    guard !text.contains(where: { "xXpP".contains($0) }) else { return nil }
    if let number = Double(text) { return number }
    guard case .byte(UInt8(ascii: ";")) = separator, !text.contains(".") else {
      return nil
    }
    return Double(
      String(text.map { $0 == "," ? "." : $0 }))
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
