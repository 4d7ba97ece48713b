/// A fitted mixture, and how the fit went.
public struct Fit: Sendable {
  /// The parameters after the last M-step.
  public let model: MixtureModel

  /// C', as it was used.
  public let truncation: Truncation

  /// One entry for each iteration, in order.
  public let iterations: [IterationStatistics]

  /// Whether the tolerance was reached; `false` when the iterations ran out or
  /// the observer stopped the fit.
  public let converged: Bool
}
