extension PointTree {
  /// The least variance that an M-step gives.
  ///
  /// Where the means explain every point exactly, σ² tends to 0 and F to
  /// infinity. The bound is 10⁻¹² of the points' own variance, far below what
  /// the rounding of a palette can show; 10⁻¹² if that is 0.
  ///
  /// - Complexity: O(1).
  var leastVariance: Double {
    let variance =
      sums[SufficientStatistics.Row.scatter]
      / (Double(dimension) * sums[SufficientStatistics.Row.weight])
    return 1e-12 * (variance > 0 ? variance : 1)
  }
}
