/// A field of a table as RFC 4180, section 2, writes it.
enum CSVField {
  /// The text, in quotes where it needs them.
  ///
  /// It goes by Unicode scalars: a comma with an accent after it is a comma to
  /// whoever reads the table.
  ///
  /// - Parameter text: Any text.
  /// - Returns: The field without the commas around it.
  /// - Complexity: O(length).
  static func quoted(_ text: String) -> String {
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
