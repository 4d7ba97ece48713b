/// What one E-step gives.
struct ExpectationOutcome: Sendable {
  /// What the M-step needs.
  var statistics: SufficientStatistics

  /// F of this E-step's K and the parameters that went into it, in nats.
  var freeEnergy: Double

  /// J: Σ_n w_n min_c |y_n − μ_c|².
  var inertia: Double

  /// N.
  var totalWeight: Double

  /// The least variance that an M-step gives in the paper's model,
  /// `PointTree.leastVariance`.
  var leastVariance: Double

  /// ``IterationStatistics/distances``.
  var distances = 0

  /// σ² = J/(D N) of a hard assignment.
  var variance: Double {
    inertia / (Double(statistics.dimension) * totalWeight)
  }
}

extension ExpectationOutcome {
  /// The outcome of a hard assignment.
  ///
  /// - Parameters:
  ///   - statistics: Its statistics.
  ///   - inertia: J.
  ///   - variance: The σ² that F is of, or `nil` for that of the assignment,
  ///     J/(D N).
  ///   - totalWeight: N.
  ///   - leastVariance: The least variance.
  ///   - distances: How many were evaluated.
  init(
    hard statistics: SufficientStatistics, inertia: Double,
    variance: Double?, totalWeight: Double, leastVariance: Double,
    distances: Int
  ) {
    self.init(
      statistics: statistics, freeEnergy: 0, inertia: inertia,
      totalWeight: totalWeight, leastVariance: leastVariance,
      distances: distances)
    let used = variance ?? max(leastVariance, self.variance)
    freeEnergy =
      totalWeight
      * FreeEnergy.constant(
        components: statistics.components, dimension: statistics.dimension,
        variance: used)
      - inertia / (2 * used)
  }

  /// Adds what an E-step over other points gives.
  mutating func add(_ other: ExpectationOutcome) {
    statistics.add(other.statistics)
    freeEnergy += other.freeEnergy
    inertia += other.inertia
    totalWeight += other.totalWeight
    leastVariance = max(leastVariance, other.leastVariance)
    distances += other.distances
  }
}
