/// Lists of names in messages.
package enum TextList {
  /// Names as a sentence lists alternatives: "a", "a or b", "a, b or c".
  ///
  /// - Parameter names: At least one.
  /// - Returns: The names in their order.
  package static func or(_ names: [String]) -> String {
    joined(names, by: "or")
  }

  /// Names as a sentence lists them all: "a", "a and b", "a, b and c".
  ///
  /// - Parameter names: At least one.
  /// - Returns: The names in their order.
  package static func and(_ names: [String]) -> String {
    joined(names, by: "and")
  }

  private static func joined(_ names: [String], by word: String) -> String {
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return "\(names.dropLast().joined(separator: ", ")) \(word) \(last)"
  }
}
