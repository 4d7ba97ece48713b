/// The warnings of the C libraries in words.
enum LibraryWarnings {
  /// Lines for people.
  ///
  /// - Parameters:
  ///   - library: The library's name.
  ///   - first: The first warning in its own words.
  ///   - count: How many warnings there were.
  /// - Returns: None, or one line.
  static func lines(
    library: String, first: UnsafePointer<CChar>, count: Int
  ) -> [String] {
    guard count > 0 else { return [] }
    let others = count > 1 ? " (and \(count - 1) more)" : ""
    return ["\(library): \(escaped(String(cString: first)))\(others)"]
  }
}
