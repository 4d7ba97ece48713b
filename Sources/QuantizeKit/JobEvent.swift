public import TruncatedEM

/// What a job tells while it runs.
public enum JobEvent: Sendable {
  /// Receives events, one at a time.
  public typealias Observer = (JobEvent) -> Void

  /// Something in a file was skipped or looks wrong; a line for a person.
  case warning(FileLocation, String)

  /// A stage begins.
  case stage(JobStage)

  /// How much of a stage is done, estimated as a share of its time, above 0 and
  /// at most 1. From one ``stage(_:)`` to the next it only grows, and the last one
  /// is 1 unless the job fails. Told in steps of 0.01 or more, on the thread of the
  /// job; not of stages that are over at once, nor while an image is read strip by
  /// strip, where ``strip(_:)`` tells its rows.
  case progress(JobStage, Double)

  /// An iteration of a fit ends. There are none while the number of colours is
  /// chosen.
  case iteration(IterationStatistics)

  /// A number of colours was tried.
  case candidate(SelectionRecord.Candidate)

  /// A strip of an image that is too large for memory is done.
  case strip(StreamProgress)

  /// An image of a comparison begins.
  case comparison(ComparisonProgress)
}
