/// Pairs rows with columns so that the sum of their costs is least.
///
/// Rows are added one at a time, each along a shortest augmenting path with
/// potentials that keep reduced costs from being negative (H. W. Kuhn, "The
/// Hungarian method for the assignment problem", Naval Research Logistics
/// Quarterly 2, 1955; R. Jonker and A. Volgenant, Computing 38, 1987).
public enum OptimalAssignment {
  /// Pairs rows with columns.
  ///
  /// - Parameter costs: Rows of equal length, finite.
  /// - Returns: The column of each row; `nil` for rows that are left over
  ///   where there are more rows than columns.
  /// - Complexity: O(s² l), s the smaller side and l the larger.
  public static func columns(_ costs: [[Double]]) -> [Int?] {
    let rows = costs.count
    let columns = costs.first?.count ?? 0
    precondition(costs.allSatisfy { $0.count == columns })
    guard columns > 0 else { return [Int?](repeating: nil, count: rows) }
    if rows <= columns { return solve(costs, columns) }
    let turned = (0..<columns).map { column in costs.map { $0[column] } }
    var result = [Int?](repeating: nil, count: rows)
    for (column, row) in solve(turned, rows).enumerated() {
      if let row { result[row] = column }
    }
    return result
  }

  /// As `columns`, with no more rows than columns.
  private static func solve(_ costs: [[Double]], _ columns: Int) -> [Int?] {
    // Column `columns` stands for the row that is being added.
    var rowOf = [Int?](repeating: nil, count: columns + 1)
    var rowPotential = [Double](repeating: 0, count: costs.count)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    for added in costs.indices {
      rowOf[columns] = added
      var current = columns
      var least = [Double](repeating: .infinity, count: columns)
      var previous = [Int](repeating: columns, count: columns)
      var isDone = [Bool](repeating: false, count: columns + 1)
      while let row = rowOf[current] {
        isDone[current] = true
        var step = Double.infinity
        var next = current
        for column in 0..<columns where !isDone[column] {
          let reduced =
            costs[row][column] - rowPotential[row] - columnPotential[column]
          if reduced < least[column] {
            least[column] = reduced
            previous[column] = current
          }
          if least[column] < step {
            step = least[column]
            next = column
          }
        }
        for column in 0...columns where isDone[column] {
          if let row = rowOf[column] { rowPotential[row] += step }
          columnPotential[column] -= step
        }
        for column in 0..<columns where !isDone[column] {
          least[column] -= step
        }
        current = next
      }
      // The path back to the row that was added: each takes the one before.
      while current != columns {
        rowOf[current] = rowOf[previous[current]]
        current = previous[current]
      }
    }
    var result = [Int?](repeating: nil, count: costs.count)
    for column in 0..<columns {
      if let row = rowOf[column] { result[row] = column }
    }
    return result
  }
}
