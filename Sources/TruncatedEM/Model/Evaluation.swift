/// How well a mixture describes points, its parameters left as they are.
public struct Evaluation: Hashable, Sendable {
  /// F per unit of weight, in nats.
  public let freeEnergy: Double

  /// J per unit of weight: the mean squared distance to the nearest mean, in
  /// units of the space squared.
  public let inertia: Double

  /// The entropy of the truncated posteriors per unit of weight, in nats: what
  /// F has beyond the expected joint log-density. 0 with C' = 1.
  public let entropy: Double
}
