/// Numbers in rows and columns: the points of a fit, one a row.
public struct Table: Hashable, Sendable {
  /// The number of rows, at least 1.
  public let rows: Int

  /// The number of columns, at least 1.
  public let columns: Int

  /// The numbers, row after row, all finite.
  public let values: [Double]

  /// The names of the columns, where the file has them.
  public let names: [String]?

  /// Takes numbers.
  ///
  /// - Parameters:
  ///   - values: Row after row.
  ///   - columns: How many a row has.
  ///   - names: The names of the columns.
  /// - Throws: `TableError.empty`, or `.notFinite` with the first number that is
  ///   infinite or none.
  /// - Complexity: O(numbers).
  public init(
    _ values: [Double], columns: Int, names: [String]? = nil
  ) throws(TableError) {
    guard columns > 0, values.count >= columns else { throw .empty }
    precondition(values.count.isMultiple(of: columns))
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        row: place / columns + 1, column: place % columns + 1, values[place])
    }
    self.values = values
    self.columns = columns
    self.names = names
    rows = values.count / columns
  }

  /// Some of the columns, in the order in which they are asked for.
  ///
  /// - Parameter chosen: Their numbers, from 0 on.
  /// - Returns: A table of those.
  /// - Complexity: O(rows × chosen columns).
  public func selecting(_ chosen: [Int]) -> Table {
    precondition(!chosen.isEmpty && chosen.allSatisfy { $0 < columns })
    var values: [Double] = []
    values.reserveCapacity(rows * chosen.count)
    for row in 0..<rows {
      for column in chosen {
        values.append(self.values[row * columns + column])
      }
    }
    return Table(
      checked: values, columns: chosen.count,
      names: names.map { names in chosen.map { names[$0] } })
  }

  private init(checked values: [Double], columns: Int, names: [String]?) {
    self.values = values
    self.columns = columns
    self.names = names
    rows = values.count / columns
  }
}
