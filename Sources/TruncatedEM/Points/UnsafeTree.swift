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
  ///   - mean: The component's mean.
  ///   - row: Its row of `SufficientStatistics.values`, which is added to.
  ///   - dimension: D.
  /// - Returns: Σ w and Σ w |y − μ|² of the points.
  @inline(__always)
  func give<Dimension: FixedDimension>(
    _ node: Int, to mean: Dimension.Vector,
    _ row: UnsafeMutablePointer<Double>, _ dimension: Dimension.Type
  ) -> (weight: Double, scatter: Double) {
    let source = sums + node * (Dimension.count + 2)
    let weight = source[0]
    guard weight > 0 else { return (0, 0) }
    var step = 0.0
    for d in 0..<Dimension.count {
      let difference = source[2 + d] / weight - mean[d]
      step += difference * difference
      row[2 + d] += source[2 + d]
    }
    let scatter = source[1] + weight * step
    row[0] += weight
    row[1] += scatter
    return (weight, scatter)
  }
}

/// The storage of `WeightedPoints`, as the passes read it.
struct UnsafePoints: @unchecked Sendable {
  // Sendable: as for `UnsafeTree`.

  /// Planes of coordinates, `stride` apart.
  let coordinates: UnsafePointer<Double>

  /// One weight a point.
  let weights: UnsafePointer<Double>

  /// The length of a plane.
  let stride: Int

  /// Coordinate `d` of the four points from `n` on.
  @inline(__always)
  func lanes(_ n: Int, _ d: Int) -> SIMD4<Double> {
    UnsafeRawPointer(coordinates + (d * stride + n))
      .loadUnaligned(as: SIMD4<Double>.self)
  }

  /// Coordinate `d` of point `n`.
  @inline(__always)
  func coordinate(_ n: Int, _ d: Int) -> Double {
    coordinates[d * stride + n]
  }
}

/// The means of a model, as the passes read them.
struct UnsafeMeans: @unchecked Sendable {
  // Sendable: as for `UnsafeTree`.

  /// `count` vectors of `PointTree.vectorWidth` numbers, 0 beyond the
  /// dimension.
  let values: UnsafePointer<Double>

  /// The number of components.
  let count: Int

  /// A difference of squared distances that is surely no rounding error.
  let margin: Double

  /// |y − μ|² of the four points from `n` on.
  @inline(__always)
  func squaredDistances<Dimension: FixedDimension>(
    of points: UnsafePoints, _ n: Int, to component: Int,
    _ dimension: Dimension.Type
  ) -> SIMD4<Double> {
    let mean = values + component * Dimension.Vector.scalarCount
    var distance = SIMD4<Double>.zero
    for d in 0..<Dimension.count {
      let difference = points.lanes(n, d) - SIMD4(repeating: mean[d])
      distance += difference * difference
    }
    return distance
  }

  /// The mean of a component.
  @inline(__always)
  func mean<Vector: SIMD>(_ component: Int, as type: Vector.Type) -> Vector
  where Vector.Scalar == Double {
    UnsafeRawPointer(values + component * Vector.scalarCount)
      .loadUnaligned(as: Vector.self)
  }
}

extension WeightedPoints {
  /// Calls `body` with the points' storage.
  func withUnsafePoints<Result>(_ body: (UnsafePoints) -> Result) -> Result {
    coordinates.withUnsafeBufferPointer { coordinates in
      weights.withUnsafeBufferPointer { weights in
        guard let coordinates = coordinates.baseAddress,
          let weights = weights.baseAddress
        else { preconditionFailure("points are never empty") }
        return body(
          UnsafePoints(
            coordinates: coordinates, weights: weights, stride: stride))
      }
    }
  }
}

extension PointTree {
  /// Calls `body` with the tree's storage.
  func withUnsafeTree<Result>(_ body: (UnsafeTree) -> Result) -> Result {
    points.withUnsafePoints { points in
      nodes.withUnsafeBufferPointer { nodes in
        bounds.withUnsafeBufferPointer { bounds in
          sums.withUnsafeBufferPointer { sums in
            guard let nodes = nodes.baseAddress,
              let bounds = bounds.baseAddress, let sums = sums.baseAddress
            else { preconditionFailure("trees are never empty") }
            return body(
              UnsafeTree(
                points: points, nodes: nodes, bounds: bounds, sums: sums,
                depth: depth))
          }
        }
      }
    }
  }

  /// Calls `body` with the storage of a model's means.
  func withUnsafeMeans<Result>(
    of model: MixtureModel, _ body: (UnsafeMeans) -> Result
  ) -> Result {
    let lanes = PointTree.vectorWidth(dimension)
    var reach = 0.0
    for d in 0..<dimension {
      var largest = max(abs(bounds[d]), abs(bounds[lanes + d]))
      for c in 0..<model.components {
        largest = max(largest, abs(model.means[c * dimension + d]))
      }
      reach += largest * largest
    }
    // Squared distances are below 4 × reach, and have an error of a few units
    // in the sixteenth digit of that.
    return model.withUnsafeMeans(margin: 1e-12 * reach, body)
  }
}

extension MixtureModel {
  /// Calls `body` with the storage of the means, padded to vectors.
  func withUnsafeMeans<Result>(
    margin: Double = 0, _ body: (UnsafeMeans) -> Result
  ) -> Result {
    let lanes = PointTree.vectorWidth(dimension)
    var values = [Double](repeating: 0, count: lanes * components)
    for c in 0..<components {
      for d in 0..<dimension {
        values[c * lanes + d] = means[c * dimension + d]
      }
    }
    return values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else {
        preconditionFailure("models are never empty")
      }
      return body(
        UnsafeMeans(values: values, count: components, margin: margin))
    }
  }
}
