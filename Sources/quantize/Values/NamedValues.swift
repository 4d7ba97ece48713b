import ArgumentParser
import ImageFormats

/// The values that an option can have, by name: the one list that its help, its
/// completions and its error are made from.
struct NamedValues<Value: Sendable>: Sendable {
  /// The names, in the order in which help shows them.
  let names: [String]

  private let find: @Sendable (String) -> Value?

  /// Values of a list.
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - name: The name of each.
  ///   - find: Finds a value by any of its names in lower case; by default by
  ///     the one that `name` gives.
  init(
    _ values: [Value], name: (Value) -> String,
    find: (@Sendable (String) -> Value?)? = nil
  ) {
    let pairs = values.map { (name: name($0), value: $0) }
    names = pairs.map(\.name)
    self.find = find ?? { text in pairs.first { $0.name == text }?.value }
  }

  /// The names as help and errors list them: `a, b or c`.
  var text: String { TextList.or(names) }

  /// Offers the names.
  var completion: CompletionKind { .list(names) }

  /// The value of a name, in upper or lower case.
  func value(_ name: String) -> Value? { find(name.lowercased()) }

  /// Reads a name.
  ///
  /// - Throws: `ValidationError` that lists the names.
  @Sendable func parse(_ argument: String) throws -> Value {
    guard let value = value(argument) else {
      throw ValidationError("use \(text)")
    }
    return value
  }

  /// Reads names separated by commas.
  ///
  /// - Throws: `ValidationError` that names the wrong one.
  @Sendable func parseList(_ argument: String) throws -> [Value] {
    try CommaList.parse(argument, "use \(text)", value)
  }
}
