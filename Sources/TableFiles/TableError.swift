public import ImageFormats

/// Why a file is no table of numbers.
public enum TableError: Error, Equatable, Sendable {
  /// There is not a single row, or not a single column.
  case empty

  /// A number is infinite or not a number; rows and columns count from 1.
  case notFinite(row: Int, column: Int, Double)

  /// A field holds no number.
  case notANumber(line: Int, column: Int, text: String)

  /// A line has another number of fields than the first.
  case ragged(line: Int, fields: Int, expected: Int)

  /// A quoted field has no end.
  case openQuote(line: Int)

  /// An array has another number of axes than a table.
  case axes(Int)

  /// An archive has several arrays, and none is called like a table.
  case ambiguous([String])

  /// An array of a model is missing, or has another shape.
  case noModel(String)

  /// A column that is asked for is not there.
  case noColumn(String, columns: Int)

  /// What is read has another number of numbers than something else has.
  case length(Int, expected: Int, of: String)

  /// The file is damaged, or of a kind that is not read.
  case damaged(DecodeError)

  /// One line that says what is wrong and what to do.
  public var message: String {
    switch self {
    case .empty:
      "there are no rows of numbers in it"
    case .notFinite(let row, let column, let value):
      "row \(row), column \(column) is \(value.isNaN ? "not a number" : "infinite")"
        + "; remove the row or fill it in"
    case .notANumber(let line, let column, let text):
      "line \(line), column \(column): \(text) is not a number; choose columns "
        + "with --columns, or remove it"
    case .ragged(let line, let fields, let expected):
      "line \(line) has \(fields) fields, but the first has \(expected)"
    case .openQuote(let line):
      "the quote that begins in line \(line) has no end"
    case .axes(let count):
      "an array of \(count) axes is not a table; reshape it to rows × columns"
    case .ambiguous(let names):
      "the archive has the arrays \(names.joined(separator: ", ")); save the table "
        + "alone, or call it data"
    case .noModel(let what):
      "\(what); expected a file that --model has written"
    case .noColumn(let name, let columns):
      "there is no column \(name); it has \(columns)"
    case .length(let count, let expected, let what):
      "it has \(count) numbers, but \(what) \(expected)"
    case .damaged(let error):
      error.message
    }
  }
}
