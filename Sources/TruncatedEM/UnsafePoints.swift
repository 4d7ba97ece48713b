/// The storage of `WeightedPoints`, as the kernels read it.
///
/// Whoever makes one has checked that every range it is used with lies inside
/// the points; nothing is checked here, because it is read in the innermost
/// loops.
struct UnsafePoints: @unchecked Sendable {
  // Sendable: the memory is only read, and outlives every thread that reads it
  // (`WeightedPoints.withUnsafePoints` waits for them).

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

/// The means of a model, component after component, as the kernels read them.
struct UnsafeMeans: @unchecked Sendable {
  // Sendable: as for `UnsafePoints`.

  /// `count * D` numbers.
  let values: UnsafePointer<Double>

  /// The number of components.
  let count: Int
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

extension MixtureModel {
  /// Calls `body` with the storage of the means.
  func withUnsafeMeans<Result>(_ body: (UnsafeMeans) -> Result) -> Result {
    means.withUnsafeBufferPointer { means in
      guard let values = means.baseAddress else {
        preconditionFailure("models are never empty")
      }
      return body(UnsafeMeans(values: values, count: components))
    }
  }
}
