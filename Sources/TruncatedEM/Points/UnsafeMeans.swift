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
  func squaredDistances(
    of points: UnsafePoints, _ n: Int, to component: Int,
    _ dimension: some PointDimension
  ) -> SIMD4<Double> {
    let mean = values + component * dimension.vectorWidth
    var distance = SIMD4<Double>.zero
    for d in 0..<dimension.count {
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

extension PointTree {
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
