/// Columns of a table that are chosen: by a name, by a number from 1 on, or by the
/// numbers of the first and last.
public struct ColumnChoice: Hashable, Sendable {
  /// A name, a number, or two numbers with a hyphen between them.
  public let text: String

  /// Takes one.
  ///
  /// - Parameter text: A name, a number, or two numbers with a hyphen.
  public init(_ text: String) {
    self.text = text
  }

  /// Reads a list such as `1,3-5,height`.
  ///
  /// - Parameter text: The list; names have no comma.
  /// - Returns: The columns; `nil` where a part is empty.
  public static func list(_ text: String) -> [ColumnChoice]? {
    var result: [ColumnChoice] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      var part = part.drop { $0 == " " }
      while part.last == " " { part.removeLast() }
      guard !part.isEmpty else { return nil }
      result.append(ColumnChoice(String(part)))
    }
    return result
  }

  /// The places of columns.
  ///
  /// - Parameters:
  ///   - chosen: The columns; all where there are none.
  ///   - names: The names of all, where there are any: they are looked at first.
  ///   - count: How many columns there are.
  /// - Returns: Their numbers, from 0 on.
  /// - Throws: `TableError.noColumn`.
  static func places(
    _ chosen: [ColumnChoice], names: [String]?, count: Int
  ) throws(TableError) -> [Int] {
    guard !chosen.isEmpty else { return Array(0..<count) }
    var places: [Int] = []
    for column in chosen {
      let text = column.text
      if let place = names?.firstIndex(of: text) {
        places.append(place)
        continue
      }
      let ends = text.split(
        separator: "-", maxSplits: 1, omittingEmptySubsequences: false
      ).map { Int($0) }
      guard let first = ends.first.flatMap(\.self),
        let last = ends.last.flatMap(\.self), first >= 1, first <= last,
        last <= count
      else { throw .noColumn(text, columns: count) }
      places += first - 1..<last
    }
    return places
  }
}
