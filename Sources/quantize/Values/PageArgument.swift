import ArgumentParser
import ImageFormats

extension PageSelection {
  /// Reads pages: `3`, `1-4,9` or `all`.
  ///
  /// - Throws: `ValidationError`.
  init(argument: String) throws {
    guard argument.lowercased() != "all" else {
      self = .all
      return
    }
    self = .some(
      try CommaList.parse(argument, "give pages, such as 3, 1-4 or all") {
        Self.range($0)
      })
  }

  private static func range(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int? in
      NumberArgument.wholeIfValid(part)
    }
    guard numbers.count == parts.count, (1...2).contains(numbers.count),
      let first = numbers.first, let last = numbers.last, first >= 1,
      first <= last, last <= 65_535
    else { return nil }
    return first...last
  }
}
