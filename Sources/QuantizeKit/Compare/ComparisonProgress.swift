/// How far a comparison is.
public struct ComparisonProgress: Hashable, Sendable {
  /// How many images are done.
  public let done: Int

  /// How many there are.
  public let total: Int

  /// The name of the one that is worked on.
  public let name: String
}
