public import SystemPackage

/// What a batch would do with one input.
public struct BatchPlanStep: Sendable {
  /// The words for it.
  public enum Action: String, Sendable {
    /// The output is made.
    case make

    /// The output of an earlier run stays.
    case keep

    /// A link to another output is made.
    case link

    /// Nothing is written.
    case skip

    /// Nothing is written, and that is an error.
    case fail
  }

  /// The input.
  public let input: FilePath

  /// The output, if there is one.
  public let output: FilePath?

  /// What is done.
  public let action: Action

  /// Why nothing is written.
  public let reason: String?
}
