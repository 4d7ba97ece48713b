/// Columns of a table that are chosen: one by its name or number, or several by the
/// numbers of the first and last.
public enum ColumnRange: Hashable, Sendable {
  /// A name, or a number from 1 on.
  case one(String)

  /// Numbers from 1 on.
  case numbers(ClosedRange<Int>)

  /// Reads a list such as `1,3-5,height`.
  ///
  /// - Parameter text: The list; names have no comma.
  /// - Returns: The columns; `nil` where a part is empty or a range runs backwards.
  public static func list(_ text: String) -> [ColumnRange]? {
    var result: [ColumnRange] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard !part.isEmpty else { return nil }
      let ends = part.split(
        separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1])
      else {
        result.append(.one(String(part)))
        continue
      }
      guard first <= last else { return nil }
      result.append(.numbers(first...last))
    }
    return result
  }

  /// The places of columns.
  ///
  /// - Parameters:
  ///   - chosen: The columns.
  ///   - names: The names of all, where there are any: they are looked at first.
  ///   - count: How many columns there are.
  /// - Returns: Their numbers, from 0 on.
  /// - Throws: `TableError.noColumn`.
  static func places(
    _ chosen: [ColumnRange], names: [String]?, count: Int
  ) throws(TableError) -> [Int] {
    var places: [Int] = []
    for column in chosen {
      switch column {
      case .one(let name):
        if let place = names?.firstIndex(of: name) {
          places.append(place)
        } else if let number = Int(name), (1...max(1, count)).contains(number),
          number <= count
        {
          places.append(number - 1)
        } else {
          throw .noColumn(name, columns: count)
        }
      case .numbers(let range):
        guard range.lowerBound >= 1, range.upperBound <= count else {
          throw .noColumn(
            "\(range.lowerBound)-\(range.upperBound)", columns: count)
        }
        places += range.map { $0 - 1 }
      }
    }
    return places
  }
}
