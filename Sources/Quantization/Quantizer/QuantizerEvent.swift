public import TruncatedEM

/// An event while an image is reduced to a palette.
public enum QuantizerEvent: Sendable {
  /// The stages, in their order.
  public enum Stage: CaseIterable, Sendable {
    /// The colours of the image are counted.
    case histogram

    /// A palette is fitted to them.
    case fit

    /// The pixels are mapped to the palette.
    case map
  }

  /// A stage begins, and the one before it ends. Short parts of a stage may
  /// come after the next one has begun; then it begins again.
  case stage(Stage)

  /// How much of a stage is done, estimated as a share of its time, above 0 and
  /// at most 1. From one ``stage(_:)`` to the next it only grows, and the last one
  /// is 1 unless an error is thrown. Told in steps of 0.01 or more; not of stages
  /// that are over at once.
  case progress(Stage, Double)

  /// An iteration over all colours ended. While the number of colours is chosen
  /// there are none.
  case iteration(IterationStatistics)

  /// A number of colours was tried, where it is chosen.
  case candidate(ColorCountSelection.Candidate)
}
