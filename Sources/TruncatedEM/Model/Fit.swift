/// A fitted mixture, and how the fit went.
public struct Fit: Sendable {
  /// The parameters after the last M-step.
  public let model: MixtureModel

  /// C', as it was used.
  public let truncation: Truncation

  /// One entry for each iteration, in order.
  public let iterations: [IterationStatistics]

  /// F per unit of weight, in nats, of iterations on boxes of points that came
  /// before `iterations`, each a lower bound of F of the points. They take large
  /// steps, after which F may be lower for once. Empty where there were none, as
  /// always with C' = 1; see `TruncatedEM.fit(_:found:truncation:observer:)`.
  public let coarseFreeEnergies: [Double]

  /// Whether the tolerance was reached; `false` when the iterations ran out or
  /// the observer stopped the fit.
  public let converged: Bool
}
