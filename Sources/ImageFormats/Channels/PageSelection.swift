/// Which pages of a file are read.
public enum PageSelection: Equatable, Sendable {
  /// The first; a warning says how many more there are.
  case first

  /// These, counted from 1.
  case some([ClosedRange<Int>])

  /// All.
  case all

  /// The page where it is one that was chosen, from 1.
  package var single: Int? {
    guard case .some(let ranges) = self, ranges.count == 1,
      ranges[0].count == 1
    else { return nil }
    return ranges[0].lowerBound
  }

  /// The pages of a file that has so many, counted from 0.
  ///
  /// - Throws: `DecodeError.noPage` where one is not there.
  func numbers(of count: Int) throws(DecodeError) -> [Int] {
    switch self {
    case .first: return [0]
    case .all: return Array(0..<count)
    case .some(let ranges):
      for range in ranges {
        guard range.lowerBound >= 1, range.upperBound <= count else {
          throw .noPage(
            range.lowerBound < 1 ? range.lowerBound : range.upperBound,
            count: count)
        }
      }
      return ranges.flatMap { range in range.map { $0 - 1 } }
    }
  }
}
