/// What `PosteriorPass` writes, and where.
struct PosteriorOutputs: @unchecked Sendable {
  // Sendable: passes over different points write different places.

  /// What is wanted of each point.
  enum Target {
    /// See `Posterior`.
    case posterior(
      components: UnsafeMutablePointer<UInt16>,
      responsibilities: UnsafeMutablePointer<Float>)

    /// The entropy of its posterior, in nats.
    case entropies(UnsafeMutablePointer<Double>)
  }

  /// C'.
  let truncation: Int

  /// For each point of the tree its number among the points given, if that is
  /// another.
  let order: [Int]?

  /// Components that have no share of anything, ascending.
  let idle: [UInt16]

  let target: Target

  /// The number that a point of the tree was given with.
  func number(of n: Int) -> Int { order?[n] ?? n }
}
