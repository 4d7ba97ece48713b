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
