/// The components of a general model, as `GeneralPass` reads them.
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
  func costs(
    of points: UnsafePoints, _ n: Int, _ component: Int,
    _ dimension: some PointDimension
  ) -> SIMD4<Double> {
    let distance: SIMD4<Double> = means.squaredDistances(
      of: points, n, to: component, dimension)
    return SIMD4(repeating: offsets[component])
      + distance * precisions[component]
  }
}
