public import SystemPackage

/// An input of a batch that has no output.
public struct BatchFailure: Equatable, Sendable {
  /// The input.
  public let input: FilePath

  /// Why.
  public let error: QuantizeError

  /// Its message.
  public var message: String { error.message }
}
