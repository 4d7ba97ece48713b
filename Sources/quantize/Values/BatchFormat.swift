import ImageFormats

/// The format of a batch's outputs.
enum BatchFormat: Hashable, Sendable {
  /// That of each input.
  case same

  /// One for all.
  case one(OutputFormat)

  /// The name on the command line.
  var name: String {
    switch self {
    case .same: "same"
    case .one(let format): format.rawValue
    }
  }

  /// The format of a name, or of any of a format's endings.
  init?(name: String) {
    guard name != "same" else {
      self = .same
      return
    }
    guard let format = OutputFormat(pathExtension: name) else { return nil }
    self = .one(format)
  }

  /// The format that is written; `nil` for that of each input.
  var format: OutputFormat? {
    switch self {
    case .same: nil
    case .one(let format): format
    }
  }
}
