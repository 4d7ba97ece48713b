import ArgumentParser

/// Lists on the command line: elements with commas between them.
enum CommaList {
  /// Reads a list.
  ///
  /// - Parameters:
  ///   - argument: The elements with commas between them, and spaces at will.
  ///   - hint: What the user should give instead of what cannot be read.
  ///   - element: Reads an element, `nil` where it is none.
  /// - Returns: The elements, at least one.
  /// - Throws: `ValidationError` that says which element is wrong.
  static func parse<Element>(
    _ argument: String, _ hint: String,
    _ element: (String) throws -> Element?
  ) throws -> [Element] {
    try argument.split(separator: ",", omittingEmptySubsequences: false).map {
      part in
      let text = part.drop { $0 == " " }
      let name = String(text.prefix { $0 != " " })
      guard !name.isEmpty, text.dropFirst(name.count).allSatisfy({ $0 == " " }),
        let value = try element(name)
      else { throw ValidationError("“\(part)” is none of a list; \(hint)") }
      return value
    }
  }
}
