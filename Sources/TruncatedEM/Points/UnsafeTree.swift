/// The storage of a `PointTree`, as the passes read it.
///
/// Whoever makes one has checked that every node lies inside the tree and every
/// range inside the points; nothing is checked here, because it is read in the
/// innermost loops.
struct UnsafeTree: @unchecked Sendable {
  // Sendable: the memory is only read, and outlives every thread that reads it
  // (`PointTree.withUnsafeTree` waits for them).

  let points: UnsafePoints
  let nodes: UnsafePointer<PointTree.Node>
  let bounds: UnsafePointer<Double>
  let sums: UnsafePointer<Double>

  /// `PointTree.radii`.
  let radii: UnsafeBufferPointer<Double>

  /// `PointTree.depth`.
  let depth: Int

  /// The bounds of a node.
  @inline(__always)
  func bounds<Vector: SIMD>(
    _ node: Int, as type: Vector.Type
  ) -> (low: Vector, high: Vector) where Vector.Scalar == Double {
    let low = UnsafeRawPointer(bounds + node * 2 * Vector.scalarCount)
    return (
      low.loadUnaligned(as: Vector.self),
      (low + 8 * Vector.scalarCount).loadUnaligned(as: Vector.self)
    )
  }
}

extension UnsafeTree {
  /// Gives all points below a node to one component.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - component: The component.
  ///   - means: All means.
  ///   - statistics: Laid out as `SufficientStatistics.values`; added to.
  ///   - dimension: D.
  /// - Returns: Σ w and Σ w |y − μ|² of the points.
  @inline(__always)
  func give(
    _ node: Int, to component: Int, of means: UnsafeMeans,
    _ statistics: UnsafeMutablePointer<Double>, _ dimension: some PointDimension
  ) -> (weight: Double, scatter: Double) {
    let source = sums + node * SufficientStatistics.Row.width(dimension.count)
    let weight = source[SufficientStatistics.Row.weight]
    guard weight > 0 else { return (0, 0) }
    let row = StatisticsRow(
      component, of: statistics, dimension: dimension.count)
    let mean = means.values + component * dimension.vectorWidth
    var step = 0.0
    for d in 0..<dimension.count {
      let sum = source[SufficientStatistics.Row.sums + d]
      let difference = sum / weight - mean[d]
      step += difference * difference
      row[d] += sum
    }
    let scatter = source[SufficientStatistics.Row.scatter] + weight * step
    row.weight += weight
    row.scatter += scatter
    return (weight, scatter)
  }
}

extension PointTree {
  /// Calls `body` with the tree's storage.
  func withUnsafeTree<Result>(_ body: (UnsafeTree) -> Result) -> Result {
    points.withUnsafePoints { points in
      nodes.withUnsafeBufferPointer { nodes in
        bounds.withUnsafeBufferPointer { bounds in
          sums.withUnsafeBufferPointer { sums in
            radii.withUnsafeBufferPointer { radii in
              guard let nodes = nodes.baseAddress,
                let bounds = bounds.baseAddress, let sums = sums.baseAddress
              else { preconditionFailure("trees are never empty") }
              return body(
                UnsafeTree(
                  points: points, nodes: nodes, bounds: bounds, sums: sums,
                  radii: radii, depth: depth))
            }
          }
        }
      }
    }
  }
}
