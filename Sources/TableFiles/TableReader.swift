import ImageFormats

/// Reads tables: arrays of NumPy (.npy, .npz) and text with separators (CSV), told
/// by their content.
public enum TableReader {
  /// Names by which programs call a table in an archive; the first is taken.
  private static let names = ["data", "X", "x", "points", "arr_0", "means"]

  /// Reads a table.
  ///
  /// An array of one axis is a column. An archive must have one array, or one that
  /// is called data, X, x, points, arr_0 or means.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - columns: Which columns; empty for all. Fields of text in others do not
  ///     matter.
  ///   - header: Whether the first line of a text names the columns; `nil` where that
  ///     is to be seen.
  ///   - mostBytes: The most bytes that an archive may unpack to.
  /// - Returns: The table.
  /// - Throws: `TableError`.
  /// - Complexity: O(bytes).
  public static func read(
    _ bytes: [UInt8], columns: [ColumnChoice] = [], header: Bool? = nil,
    mostBytes: Int = .max
  ) throws(TableError) -> Table {
    switch FileSignature.of(Array(bytes.prefix(FileSignature.mostBytes))) {
    case .numpy:
      return try table(of: array(bytes), columns)
    case .zip:
      return try table(of: member(bytes, mostBytes), columns)
    default:
      return try CSVReader(bytes).table(columns, header: header)
    }
  }

  /// The names of the columns of a text.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - header: As above.
  /// - Returns: Them; `nil` where the file has none.
  /// - Throws: `TableError`.
  public static func names(
    _ bytes: [UInt8], header: Bool? = nil
  ) throws(TableError) -> [String]? {
    switch FileSignature.of(Array(bytes.prefix(FileSignature.mostBytes))) {
    case .numpy, .zip: nil
    default: try CSVReader(bytes).names(header: header)
    }
  }

  private static func array(
    _ bytes: [UInt8]
  ) throws(TableError) -> NumPyElements {
    do throws(DecodeError) {
      return try NumPyElements.array(bytes)
    } catch {
      throw .damaged(error)
    }
  }

  private static func member(
    _ bytes: [UInt8], _ mostBytes: Int
  ) throws(TableError) -> NumPyElements {
    let found: (arrays: [String: NumPyElements], names: [String])
    do throws(DecodeError) {
      found = try NumPyElements.archive(bytes, mostBytes: mostBytes) { all in
        if all.count == 1 { return all }
        return Self.names.first { all.contains($0) }.map { [$0] } ?? []
      }
    } catch {
      throw .damaged(error)
    }
    guard let array = found.arrays.values.first else {
      throw .ambiguous(found.names)
    }
    return array
  }

  private static func table(
    of array: NumPyElements, _ columns: [ColumnChoice]
  ) throws(TableError) -> Table {
    guard (1...2).contains(array.shape.count) else {
      throw .axes(array.shape.count)
    }
    let width = array.shape.count == 2 ? array.shape[1] : 1
    guard columns.isEmpty else {
      let chosen = try ColumnChoice.places(columns, names: nil, count: width)
      // Numbers in other columns need not be finite.
      let height = width > 0 ? array.values.count / width : 0
      return try Table(
        (0..<height).flatMap { row in
          chosen.map { array.values[row * width + $0] }
        }, columns: chosen.count)
    }
    return try Table(array.values, columns: width)
  }
}
