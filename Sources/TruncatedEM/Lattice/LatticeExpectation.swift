import ParallelWork

/// E-steps in which points of a lattice agree with their neighbours: a Potts prior
/// on the components of points, in the mean-field approximation of J. Zhang, "The
/// mean field theory in EM procedures for Markov random fields", IEEE Transactions
/// on Signal Processing 40(10), 1992, doi 10.1109/78.157297, among the truncated
/// posteriors of arXiv 1704.04812.
///
/// With p_c(y) the density of component c times its mixing weight, and m the
/// neighbours of n,
///
///     F = Σ_n Σ_{c∈K_n} q_n(c) (log p_c(y_n) − log q_n(c))
///         + β Σ_{n,m} Σ_c q_n(c) q_m(c)
///
/// each pair counted once. The best q_n for the neighbours' q_m is in proportion to
/// p_c(y_n) exp(β Σ_m q_m(c)) among the C' components for which that is greatest.
/// Each update of a point raises F, and so does the M-step, which does not depend
/// on β: F never falls. (That the prior's normalisation is left out makes F one of
/// the same β only.)
struct LatticeExpectation: ExpectationStep {
  private let points: WeightedPoints
  private let coupling: Double
  private let workers: Workers
  private let leastVariance: Double

  /// The responsibilities of the last E-step.
  private(set) var shares: LatticeShares
  private var isFirst = true

  init(
    _ points: WeightedPoints, _ lattice: Lattice, truncation: Int,
    coupling: Double, leastVariance: Double, _ workers: Workers
  ) {
    precondition(points.count == lattice.count)
    self.points = points
    self.coupling = coupling
    self.leastVariance = leastVariance
    self.workers = workers
    shares = LatticeShares(lattice, truncation: truncation)
  }

  mutating func assignment(to means: MixtureModel) -> ExpectationOutcome {
    preconditionFailure("the fit resumes from a model with a variance")
  }

  mutating func outcome(of model: MixtureModel) -> ExpectationOutcome {
    let model = model.floored(leastVariance)
    let updates = isFirst ? 2 : 1
    if isFirst {
      _ = shares.update(
        nil, points, model, coupling: coupling, isLast: true, workers)
      isFirst = false
    }
    // Each pair has one point of either kind, and counts with the one that is
    // updated last.
    var sums = shares.update(
      0, points, model, coupling: coupling, isLast: false, workers)
    sums.add(
      shares.update(
        1, points, model, coupling: coupling, isLast: true, workers))
    return ExpectationOutcome(
      statistics: sums.statistics, freeEnergy: sums.freeEnergy,
      inertia: sums.inertia, totalWeight: Double(points.count),
      leastVariance: leastVariance,
      distances: updates * points.count * model.components)
  }

  /// Components without weight stay where they are.
  func reseed(_ empty: [Int], of model: inout MixtureModel) {}
}
