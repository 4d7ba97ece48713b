/// A table as RFC 4180 has it: fields separated by commas, lines that end in a
/// carriage return and a line feed, UTF-8.
///
///     var table = CSVWriter(columns: ["file", "bytes"])
///     table.append(["=a,b.png", "12"])
///     table.text  // file,bytes␍␊"'=a,b.png",12␍␊
package struct CSVWriter {
  /// The table so far.
  package private(set) var text = ""

  private let columns: Int

  /// The characters that begin a formula in spreadsheets.
  private static let formulaStarts = "=+-@\t\r".unicodeScalars

  /// Begins a table with the names of its columns.
  package init(columns: [String]) {
    self.columns = columns.count
    append(columns)
  }

  /// The bytes of the file.
  package var bytes: [UInt8] { Array(text.utf8) }

  /// Appends a line.
  ///
  /// - Parameter fields: One for each column.
  /// - Complexity: O(length).
  package mutating func append(_ fields: [String]) {
    precondition(fields.count == columns)
    text += fields.map(Self.field).joined(separator: ",") + "\r\n"
  }

  /// A field as it is written.
  ///
  /// A spreadsheet would run a text that begins like a formula, and file names
  /// may come from other people: such a text gets an apostrophe in front. Numbers
  /// stay as they are.
  ///
  /// Characters are compared by Unicode scalars: a comma with an accent after
  /// it is a comma to the reader of the table.
  private static func field(_ text: String) -> String {
    let isFormula =
      text.unicodeScalars.first.map(formulaStarts.contains) ?? false
    let text = isFormula && Double(text) == nil ? "'" + text : text
    let scalars = text.unicodeScalars
    let needsQuotes = scalars.contains {
      $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r"
    }
    guard needsQuotes else { return text }
    var result = "\""
    for scalar in scalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
