internal import CKernels

/// Gives points to the nearest of a few components, and adds up what the M-step
/// needs: the innermost loop of everything with C' = 1.
///
/// Of components at the same distance the one that comes first is the nearest.
/// Distances are in double precision; with whole coordinates and weights the
/// sums are exact.
struct NearestKernel<Dimension: PointDimension> {
  let dimension: Dimension
  let points: UnsafePoints
  let means: UnsafeMeans
  let outputs: PassOutputs

  /// Assigns a range of points.
  ///
  /// - Parameters:
  ///   - range: Points; whole vectors are read from each on.
  ///   - candidates: Components, at least one.
  /// - Returns: Σ w |y − μ|² over the range.
  /// - Complexity: O(points × candidates × D).
  @inline(__always)
  func assign(
    _ range: Range<Int>, among candidates: UnsafeBufferPointer<Int32>
  ) -> Double {
    if InstructionSet.hasKernels, let numbers = candidates.baseAddress,
      Dimension.hasKernels || dimension.count <= qk_most_wide
    {
      let assign = Dimension.hasKernels ? qk_assign_nearest : qk_assign_wide
      return assign(
        points.coordinates, points.stride, points.weights, range.lowerBound,
        range.upperBound, numbers, candidates.count, means.values,
        dimension.vectorWidth, dimension.count, outputs.statistics,
        outputs.nearest)
    }
    return assignPortably(range, among: candidates)
  }

  /// What the kernel in C does where the machine can run it.
  private func assignPortably(
    _ range: Range<Int>, among candidates: UnsafeBufferPointer<Int32>
  ) -> Double {
    var inertia = 0.0
    var n = range.lowerBound
    while n < range.upperBound {
      var least = SIMD4<Double>(repeating: .infinity)
      var component = SIMD4<Int64>.zero
      for candidate in candidates {
        let distance: SIMD4<Double> = means.squaredDistances(
          of: points, n, to: Int(candidate), dimension)
        let closer = distance .< least
        least.replace(with: distance, where: closer)
        component.replace(
          with: SIMD4(repeating: Int64(candidate)), where: closer)
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      for lane in 0..<lanes {
        let c = Int(component[lane])
        let weight = points.weights[n + lane]
        let scatter = weight * least[lane]
        let row = StatisticsRow(
          c, of: outputs.statistics, dimension: dimension.count)
        row.weight += weight
        row.scatter += scatter
        for d in 0..<dimension.count {
          row[d] += weight * points.coordinate(n + lane, d)
        }
        inertia += scatter
        outputs.nearest?[n + lane] = UInt16(truncatingIfNeeded: c)
      }
      n += lanes
    }
    return inertia
  }
}

extension PointDimension {
  func assign(
    _ points: UnsafePoints, _ range: Range<Int>,
    among candidates: UnsafeBufferPointer<Int32>, of means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> Double {
    NearestKernel(
      dimension: self, points: points, means: means, outputs: outputs
    ).assign(range, among: candidates)
  }
}
