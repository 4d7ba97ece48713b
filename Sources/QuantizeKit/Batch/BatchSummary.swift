/// What a batch has done.
public struct BatchSummary: Codable, Hashable, Sendable {
  /// Outputs written.
  public internal(set) var done = 0

  /// Outputs that an earlier run had written.
  public internal(set) var kept = 0

  /// Outputs that are copies of their inputs, because they would have grown.
  public internal(set) var copied = 0

  /// Outputs that are links to other outputs, as their inputs are.
  public internal(set) var linked = 0

  /// Outputs of this run that are larger than their inputs.
  public internal(set) var larger = 0

  /// Images of the files passed over that would not have been smaller.
  public internal(set) var notSmaller = 0

  /// Files passed over.
  public internal(set) var skipped = 0

  /// Inputs without an output.
  public internal(set) var failed = 0

  /// The bytes of the inputs of all outputs, those of earlier runs too.
  public internal(set) var inputBytes = 0

  /// The bytes of all outputs.
  public internal(set) var outputBytes = 0

  /// How long the batch took.
  public internal(set) var seconds = 0.0

  /// Nothing done yet.
  init() {}

  /// Images written a second.
  public var imagesPerSecond: Double {
    seconds > 0 ? Double(done) / seconds : 0
  }
}
