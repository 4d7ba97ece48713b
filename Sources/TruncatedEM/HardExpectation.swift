extension FixedDimension {
  /// The E-step of C' = 1: gives each point of a range wholly to its nearest
  /// component, and adds up what the M-step needs.
  ///
  /// Of components at the same distance the one with the lower number is the
  /// nearest. Distances and sums are in double precision; with integer
  /// coordinates and weights the sums are exact.
  ///
  /// - Parameters:
  ///   - range: Points; its lower bound is a multiple of
  ///     `WeightedPoints.lanes`, and points up to the next multiple above its
  ///     upper bound exist (padding has no weight).
  ///   - points: The points' storage.
  ///   - means: At least one mean.
  ///   - statistics: Laid out as `SufficientStatistics.values`; added to.
  ///   - nearest: Where to write each point's component, if wanted; indexed by
  ///     point, padding included.
  /// - Returns: Σ w |y − μ|² over the range.
  /// - Complexity: O(points × components × D).
  static func assignNearest(
    _ range: Range<Int>, of points: UnsafePoints, to means: UnsafeMeans,
    statistics: UnsafeMutablePointer<Double>,
    nearest: UnsafeMutablePointer<UInt16>?
  ) -> Double {
    let width = Self.count + 2
    var inertia = 0.0
    var n = range.lowerBound
    while n < range.upperBound {
      var least = SIMD4<Double>(repeating: .infinity)
      var component = SIMD4<Int64>.zero
      for c in 0..<means.count {
        var distance = SIMD4<Double>.zero
        for d in 0..<Self.count {
          let difference =
            points.lanes(n, d)
            - SIMD4(repeating: means.values[c * Self.count + d])
          distance += difference * difference
        }
        let closer = distance .< least
        least.replace(with: distance, where: closer)
        component.replace(
          with: SIMD4(repeating: Int64(truncatingIfNeeded: c)), where: closer)
      }
      for lane in 0..<WeightedPoints.lanes {
        let c = Int(component[lane])
        let weight = points.weights[n + lane]
        let scatter = weight * least[lane]
        let row = statistics + c * width
        row[0] += weight
        row[1] += scatter
        for d in 0..<Self.count {
          row[2 + d] += weight * points.coordinate(n + lane, d)
        }
        inertia += scatter
        nearest?[n + lane] = UInt16(truncatingIfNeeded: c)
      }
      n += WeightedPoints.lanes
    }
    return inertia
  }
}
