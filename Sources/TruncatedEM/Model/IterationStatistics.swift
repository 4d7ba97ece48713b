/// What one iteration found, before its M-step changed the parameters.
public struct IterationStatistics: Hashable, Sendable {
  /// F per unit of weight, in nats, of this iteration's E-step with the
  /// parameters that went into it.
  public let freeEnergy: Double

  /// J per unit of weight: the mean squared distance to the nearest mean, in
  /// units of the space squared.
  public let inertia: Double

  /// The variance σ² that went into the E-step, in units of the space squared.
  public let variance: Double

  /// The number of components that received no weight.
  public let emptyComponents: Int

  /// How many distances the E-step evaluated: of a point to a mean, of a box or
  /// ball of points to a mean, and of a mean to another. Brute force evaluates
  /// N C of them. Those that single precision rules out are counted, the exact
  /// ones of what it leaves are not.
  public let distances: Int
}
