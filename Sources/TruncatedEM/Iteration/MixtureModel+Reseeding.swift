extension MixtureModel {
  /// Moves each empty component to the point that contributes most to J and
  /// has not been taken by another.
  ///
  /// - Parameters:
  ///   - empty: The components.
  ///   - points: The points.
  ///   - nearest: The nearest component of each.
  /// - Returns: The components that were moved, each with its point.
  /// - Complexity: O(points × (D + log points)).
  mutating func reseed(
    _ empty: [Int], to points: WeightedPoints, nearest: [UInt16]
  ) -> [(component: Int, point: Int)] {
    let costs = (0..<points.count).map { n in
      var squares = 0.0
      for d in 0..<dimension {
        let difference =
          points.coordinates[d * points.stride + n]
          - means[Int(nearest[n]) * dimension + d]
        squares += difference * difference
      }
      return points.weights[n] * squares
    }
    let order = (0..<points.count).sorted { (costs[$0], $1) > (costs[$1], $0) }
    var moved: [(component: Int, point: Int)] = []
    for (c, n) in zip(empty, order) where costs[n] > 0 {
      let mean = points.coordinates(ofPoint: n)
      for d in 0..<dimension { means[c * dimension + d] = mean[d] }
      variances?[c] = variance
      covariances?.replace(c, by: variance)
      moved.append((c, n))
    }
    return moved
  }
}
