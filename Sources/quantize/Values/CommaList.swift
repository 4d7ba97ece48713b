import ArgumentParser

/// Lists on the command line: elements separated by commas.
enum CommaList {
  /// Reads a list.
  ///
  /// - Parameters:
  ///   - argument: The elements, with optional spaces around them.
  ///   - hint: What to give instead of an element that cannot be read.
  ///   - element: Reads an element; `nil` where it cannot.
  /// - Returns: The elements, at least one.
  /// - Throws: `ValidationError` that names the wrong element.
  static func parse<Element>(
    _ argument: String, _ hint: String,
    _ element: (String) -> Element?
  ) throws -> [Element] {
    try argument.split(separator: ",", omittingEmptySubsequences: false).map {
      part in
      let text = part.drop { $0 == " " }
      let name = String(text.prefix { $0 != " " })
      guard !name.isEmpty, text.dropFirst(name.count).allSatisfy({ $0 == " " }),
        let value = element(name)
      else { throw ValidationError("cannot read “\(part)”; \(hint)") }
      return value
    }
  }

  /// Reads a list of whole numbers.
  ///
  /// - Throws: `ValidationError` that names the wrong element.
  static func numbers<Number: FixedWidthInteger>(
    _ argument: String
  ) throws -> [Number] {
    try parse(
      argument, "give whole numbers separated by commas, such as 1,2,4"
    ) { NumberArgument.wholeIfValid($0) }
  }
}
