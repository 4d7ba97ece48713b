/// An option that the command line gives.
struct GivenOption: Hashable {
  /// The name by which ``OptionRules`` know it.
  let name: String

  /// The option as messages show it, with its value where that matters.
  let shown: String

  /// An option.
  init(_ name: String, shown: String? = nil) {
    self.name = name
    self.shown = shown ?? name
  }

  /// Those that are given.
  static func list(_ options: KeyValuePairs<String, Bool>) -> [GivenOption] {
    options.filter(\.value).map { GivenOption($0.key) }
  }
}
