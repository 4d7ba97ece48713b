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

  /// The first line has numbers and words: it may be names, or a row that lacks a
  /// number.
  case mixedHeader(line: Int)

  /// The file is no text; says what it is and what to do.
  case noText(String)

  /// Numbers are so large, or so near to each other, that squares of their
  /// differences are not finite or not greater than 0.
  case range

  /// A weight is negative, or all are 0, or their sum is not finite.
  case weights

  /// The columns of a table are not those that a model was fitted to.
  case columnsDiffer(model: [String], table: [String])

  /// An array has another number of axes than a table.
  case axes(Int)

  /// An archive has several arrays, and none is called like a table.
  case ambiguous([String])

  /// An array of a model is missing, or has another shape.
  case noModel(String)

  /// A column that is asked for is not there.
  case noColumn(String, columns: Int)

  /// There is not one weight for each row.
  case weightCount(Int, rows: Int)

  /// Rows have another number of columns than the means.
  case width(Int, means: Int)

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
      "line \(line) has \(fields) field\(fields == 1 ? "" : "s"), but the first "
        + "has \(expected)"
    case .mixedHeader(let line):
      "line \(line) has both numbers and words; say with --header or --no-header "
        + "whether it names the columns"
    case .noText(let text):
      text
    case .range:
      "its numbers are too large, or too near to each other, to be squared; scale "
        + "the table"
    case .weights:
      "weights must be finite, not negative, and not all zero"
    case .columnsDiffer(let model, let table):
      "the model has the columns \(model.joined(separator: ", ")), and the table "
        + "\(table.joined(separator: ", ")); choose with --columns"
    case .openQuote(let line):
      "the quote that begins in line \(line) has no end"
    case .axes(let count):
      "an array of \(count) axes is not a table; reshape it to rows × columns"
    case .ambiguous(let names):
      names.isEmpty
        ? "the archive has no arrays; save the table with numpy.savez"
        : "the archive has the arrays \(names.joined(separator: ", ")); save the "
          + "table alone, or call it data"
    case .noModel(let what):
      "\(what); expected a file that --model has written"
    case .noColumn(let name, let columns):
      "there is no column “\(name)”; there are \(columns)"
    case .weightCount(let count, let rows):
      "it has \(count) weights, but the table has \(rows) rows"
    case .width(let count, let means):
      "its rows have \(count) columns, but the means have \(means)"
    case .damaged(let error):
      error.message
    }
  }
}
