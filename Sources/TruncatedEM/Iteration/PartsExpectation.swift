/// Exact E-steps over points that are too many to be in memory at once: part
/// after part.
struct PartsExpectation: ExpectationStep {
  /// The number of parts.
  let parts: Int

  /// Makes the E-steps of a part; no two have points in common.
  let part: (Int, MixtureModel) throws(FitError) -> Expectation

  func assignment(
    to means: MixtureModel
  ) throws(FitError) -> ExpectationOutcome {
    let sum = try outcome(means) { $0.assignment(to: means) }
    // F is that of the variance of all parts together.
    return ExpectationOutcome(
      hard: sum.statistics, inertia: sum.inertia, variance: nil,
      totalWeight: sum.totalWeight, leastVariance: sum.leastVariance,
      distances: sum.distances)
  }

  func outcome(
    of model: MixtureModel
  ) throws(FitError) -> ExpectationOutcome {
    try outcome(model) { $0.outcome(of: model) }
  }

  /// Empty components stay where they are: the point to move one to would have
  /// to be sought in all parts.
  func reseed(_ empty: [Int], of model: inout MixtureModel) {}

  private func outcome(
    _ model: MixtureModel,
    _ step: (inout Expectation) -> ExpectationOutcome
  ) throws(FitError) -> ExpectationOutcome {
    var sum = ExpectationOutcome(
      statistics: SufficientStatistics(
        components: model.components, dimension: model.dimension),
      freeEnergy: 0, inertia: 0, totalWeight: 0, leastVariance: 0)
    for number in 0..<parts {
      var expectation = try part(number, model)
      sum.add(step(&expectation))
    }
    return sum
  }
}
