extension WeightedPoints {
  /// The least variance that an M-step gives.
  ///
  /// Where the means explain every point exactly, σ² tends to 0 and F to
  /// infinity. The bound is 10⁻¹² of the points' own variance, far below what
  /// the rounding of a palette can show; 10⁻¹² if that is 0.
  ///
  /// - Complexity: O(points × D).
  var leastVariance: Double {
    var scatter = 0.0
    for d in 0..<dimension {
      let plane = coordinates[d * stride..<d * stride + count]
      let mean =
        zip(plane, weights).reduce(0) { $0 + $1.0 * $1.1 } / totalWeight
      scatter += zip(plane, weights).reduce(0) {
        $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1
      }
    }
    let variance = scatter / (Double(dimension) * totalWeight)
    return 1e-12 * (variance > 0 ? variance : 1)
  }
}
