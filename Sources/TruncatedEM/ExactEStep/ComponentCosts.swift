import CLibrary

/// What a component of a variant costs a point, the negative logarithm of their
/// joint density:
///
///     −log π_c + (D/2) log(2πσ_c²) + |y − μ_c|²/2σ_c²
///
/// (docs/theory.md, equation 6). In nats.
struct ComponentCosts: Sendable {
  /// The part that does not depend on the point, by component; infinite where
  /// π_c is 0.
  let offsets: [Double]

  /// 1/2σ_c², by component.
  let precisions: [Double]

  /// The components whose π_c is not 0, in ascending order.
  let live: [Int32]

  /// The costs of a model whose variances are greater than 0.
  init(of model: MixtureModel) {
    let components = model.components
    let half = Double(model.dimension) / 2
    let equal = 1 / Double(components)
    let variances =
      model.variances ?? [Double](repeating: model.variance, count: components)
    let proportions =
      model.proportions ?? [Double](repeating: equal, count: components)
    offsets = (0..<components).map { c in
      half * log(2 * .pi * variances[c]) - log(proportions[c])
    }
    precisions = variances.map { 1 / (2 * $0) }
    live = (0..<components).filter { proportions[$0] > 0 }
      .map { Int32(truncatingIfNeeded: $0) }
  }

  /// Calls `body` with the storage, and that of the means.
  func withUnsafeComponents<Result>(
    _ means: UnsafeMeans, _ body: (UnsafeComponents) -> Result
  ) -> Result {
    offsets.withUnsafeBufferPointer { offsets in
      precisions.withUnsafeBufferPointer { precisions in
        live.withUnsafeBufferPointer { live in
          guard let offsets = offsets.baseAddress,
            let precisions = precisions.baseAddress
          else { preconditionFailure("models are never empty") }
          return body(
            UnsafeComponents(
              means: means, offsets: offsets, precisions: precisions,
              live: live))
        }
      }
    }
  }
}

/// The components of a variant, as `JointPass` reads them.
struct UnsafeComponents: @unchecked Sendable {
  // Sendable: as for `UnsafeTree`.

  let means: UnsafeMeans

  /// See `ComponentCosts`.
  let offsets: UnsafePointer<Double>
  let precisions: UnsafePointer<Double>
  let live: UnsafeBufferPointer<Int32>

  /// What a component costs a point.
  @inline(__always)
  func cost<Vector: SIMD>(_ component: Int, at point: Vector) -> Double
  where Vector.Scalar == Double {
    let difference = point - means.mean(component, as: Vector.self)
    return offsets[component]
      + precisions[component] * (difference * difference).sum()
  }

  /// What a component costs the four points from `n` on.
  @inline(__always)
  func costs<Dimension: FixedDimension>(
    of points: UnsafePoints, _ n: Int, _ component: Int,
    _ dimension: Dimension.Type
  ) -> SIMD4<Double> {
    let distance: SIMD4<Double> = means.squaredDistances(
      of: points, n, to: component, dimension)
    return SIMD4(repeating: offsets[component])
      + distance * precisions[component]
  }

  /// Whether a component surely costs every point of a box more than another.
  ///
  /// The difference of the costs is a sum of one quadratic function for each
  /// coordinate, so it is least where each of them is: at an end of the side of
  /// the box or, where the function has a minimum, there. It must be larger than
  /// any rounding error.
  @inline(__always)
  func isDearer<Vector: SIMD>(
    _ component: Int, than pivot: Int, low: Vector, high: Vector
  ) -> Bool where Vector.Scalar == Double {
    let a = precisions[component]
    let b = precisions[pivot]
    let mean = means.mean(component, as: Vector.self)
    let other = means.mean(pivot, as: Vector.self)
    /// The difference's quadratic part, coordinate by coordinate.
    func excess(at point: Vector) -> Vector {
      let (u, v) = (point - mean, point - other)
      return a * u * u - b * v * v
    }
    var least = excess(at: low)
    let last = excess(at: high)
    least.replace(with: last, where: last .< least)
    if a > b {
      var lowest = (a * mean - b * other) / (a - b)
      lowest.replace(with: low, where: lowest .< low)
      lowest.replace(with: high, where: lowest .> high)
      let bottom = excess(at: lowest)
      least.replace(with: bottom, where: bottom .< least)
    }
    let offset = offsets[component]
    let margin =
      (a + b) * means.margin
      + 1e-12 * (abs(offset) + abs(offsets[pivot]))
    return offset - offsets[pivot] + least.sum() > margin
  }
}
