import SystemPackage

/// What became of an input that has no report: a line of the batch's report.
struct BatchOutcome: Codable, Hashable, Sendable {
  /// The words for it.
  enum Kind: String, Codable, Sendable {
    case copied
    case linked
    case skipped
    case failed
  }

  /// The input as it was named.
  let input: String

  /// The output, if there is one.
  var output: String?

  /// What became of it.
  let outcome: Kind

  /// Why.
  var reason: String?

  /// The sizes of both files, where they are known.
  var inputBytes: Int?
  var outputBytes: Int?
}

extension BatchOutcome {
  /// What an event says of an input; `nil` where its report says it.
  init?(_ event: BatchEvent) {
    switch event {
    case .selected, .watching, .lost, .found, .counted, .warning,
      .outputWarning, .kept, .done:
      return nil
    case .skipped(let path, let reason):
      self.init(input: path.displayName, outcome: .skipped, reason: reason)
    case .failed(let failure):
      self.init(
        input: failure.input.displayName, outcome: .failed,
        reason: failure.message)
    case .linked(let path, let output):
      self.init(
        input: path.displayName, output: output.displayName, outcome: .linked)
    case .copied(let item, let bytes, let reason):
      self.init(
        input: item.input.displayName, output: item.output.displayName,
        outcome: .copied, reason: reason, inputBytes: bytes, outputBytes: bytes)
    }
  }
}
