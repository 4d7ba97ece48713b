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
  /// - Returns: The table.
  /// - Throws: `TableError`.
  /// - Complexity: O(bytes).
  public static func read(
    _ bytes: [UInt8], columns: [ColumnRange] = []
  ) throws(TableError) -> Table {
    switch FileSignature.of(Array(bytes.prefix(FileSignature.mostBytes))) {
    case .numpy:
      return try table(of: array(bytes), columns)
    case .zip:
      return try table(of: member(bytes), columns)
    default:
      return try CSVReader(bytes).table(columns)
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
    _ bytes: [UInt8]
  ) throws(TableError) -> NumPyElements {
    let found: (arrays: [String: NumPyElements], names: [String])
    do throws(DecodeError) {
      found = try NumPyElements.archive(bytes) { all in
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
    of array: NumPyElements, _ columns: [ColumnRange]
  ) throws(TableError) -> Table {
    guard (1...2).contains(array.shape.count) else {
      throw .axes(array.shape.count)
    }
    let width = array.shape.count == 2 ? array.shape[1] : 1
    guard columns.isEmpty else {
      let chosen = try ColumnRange.places(columns, names: nil, count: width)
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
