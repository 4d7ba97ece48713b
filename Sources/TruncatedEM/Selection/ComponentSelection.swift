/// A fit whose number of components was chosen, and what it was chosen from.
public struct ComponentSelection: Sendable {
  /// One number of components that was tried.
  public struct Candidate: Hashable, Sendable {
    /// C.
    public let components: Int

    /// F per unit of weight, in nats, of the fitted model, its variance not
    /// below `SelectionOptions.leastVariance`.
    public let freeEnergy: Double

    /// The criterion, in nats; the smaller, the better.
    public let value: Double
  }

  /// The fit with the least criterion: what a fit of so many components with
  /// the same seed gives.
  public let fit: Fit

  /// What was tried, in the order of trying.
  public let candidates: [Candidate]
}
