extension SufficientStatistics {
  /// The joint log-density of points and components that is expected under the
  /// responsibilities, the part of F that is not their entropy:
  ///
  ///     Σ_n w_n Σ_c q_n(c) log π_c N(y_n; μ_c, σ_c² I_D)
  ///
  /// - Parameter model: The parameters that went into the E-step, their
  ///   variances greater than 0.
  /// - Returns: Nats.
  /// - Complexity: O(components).
  func jointLogDensity(of model: MixtureModel) -> Double {
    if let covariances = model.covariances {
      let costs = GaussianComponents(of: model, covariances)
      return (0..<components).reduce(0) { sum, c in
        guard weight(c) > 0 else { return sum }
        return sum - weight(c) * costs.offsets[c]
          - covariances.costs(of: self, c, costs)
      }
    }
    let costs = ComponentCosts(of: model)
    var sum = 0.0
    for c in 0..<components where weight(c) > 0 {
      sum -= weight(c) * costs.offsets[c] + costs.precisions[c] * scatter(c)
    }
    return sum
  }
}
