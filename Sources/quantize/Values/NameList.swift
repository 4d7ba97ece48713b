/// Lists of names in a sentence.
enum NameList {
  /// `a`, `a or b`, `a, b or c`.
  static func or(_ names: [String]) -> String { joined(names, by: "or") }

  /// `a`, `a and b`, `a, b and c`.
  static func and(_ names: [String]) -> String { joined(names, by: "and") }

  private static func joined(_ names: [String], by word: String) -> String {
    guard let last = names.last, names.count > 1 else {
      return names.first ?? ""
    }
    return names.dropLast().joined(separator: ", ") + " \(word) \(last)"
  }
}
