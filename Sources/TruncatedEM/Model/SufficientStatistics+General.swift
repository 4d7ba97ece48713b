extension SufficientStatistics {
  /// The M-step of the general model: as `maximized`, and
  ///
  ///     π_c  = Σ_n w_n q_n(c) / N                               if learned
  ///     σ_c² = Σ_n w_n q_n(c) |y_n − μ_c|² / (D Σ_n w_n q_n(c))  if its own
  ///
  /// With its own variances the part of F that a component adds is unimodal in
  /// σ_c², so the least variance is the best of those allowed where the formula
  /// gives less: F rises all the same.
  ///
  /// - Parameters:
  ///   - old: The model that went into the E-step.
  ///   - totalWeight: N.
  ///   - floor: The least variance to return.
  /// - Returns: The new model, and the components that received no weight;
  ///   those keep their means and variances, and learned mixing weights become 0.
  /// - Complexity: O(components × dimension).
  func maximizedGenerally(
    from old: MixtureModel, totalWeight: Double, floor: Double
  ) -> (model: MixtureModel, empty: [Int]) {
    var model = old
    var empty: [Int] = []
    var residual = 0.0
    for c in 0..<components {
      let weight = weight(c)
      guard weight > 0, (1 / weight).isFinite else {
        empty.append(c)
        model.mixingWeights?[c] = 0
        continue
      }
      var step = 0.0
      for d in 0..<(c < old.pinned ? 0 : dimension) {
        let mean = values[c * width + 2 + d] / weight
        let change = mean - old.means[c * dimension + d]
        step += change * change
        model.means[c * dimension + d] = mean
      }
      let scatter = max(0, scatter(c) - weight * step)
      model.mixingWeights?[c] = weight / totalWeight
      if model.variances != nil {
        let variance = max(floor, scatter / (Double(dimension) * weight))
        model.variances?[c] = variance
        residual += Double(dimension) * weight * variance
      } else {
        residual += scatter
      }
    }
    model.variance = max(floor, residual / (Double(dimension) * totalWeight))
    return (model, empty)
  }
}
