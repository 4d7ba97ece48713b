/// A fitted mixture, and how the fit went.
public struct Fit: Sendable {
  /// Why a fit ended.
  public enum Ending: String, CaseIterable, Sendable {
    /// The last iteration changed F (J with C' = 1) by less than the tolerance.
    case tolerance

    /// All iterations that were allowed were made.
    case iterations

    /// Who watched it stopped it, or the work was cancelled.
    case stopped
  }

  /// The parameters after the last M-step.
  public let model: MixtureModel

  /// C', as it was used.
  public let truncation: Truncation

  /// One entry for each iteration, in order. F never falls from one to the
  /// next.
  public let iterations: [IterationStatistics]

  /// E-steps that are not among `iterations`: those at parameters that an
  /// acceleration proposed and where F would have fallen. 0 without one.
  public let rejectedSteps: Int

  /// F per unit of weight, in nats, of iterations on boxes of points that came
  /// before `iterations`, each a lower bound of F of the points. They take large
  /// steps, after which F may be lower for once. Empty where there were none, as
  /// always with C' = 1; see `TruncatedEM.fit(_:found:truncation:observer:)`.
  public let coarseFreeEnergies: [Double]

  /// Why the fit ended.
  public let ending: Ending

  /// Whether the tolerance was reached; `false` when the iterations ran out or
  /// the observer stopped the fit.
  public var converged: Bool { ending == .tolerance }
}
