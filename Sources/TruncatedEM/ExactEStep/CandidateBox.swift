/// The box of a node, and what it tells of two components.
struct CandidateBox<Vector: SIMD> where Vector.Scalar == Double {
  private let low: Vector
  private let high: Vector
  private let middle: Vector

  /// A box between its least and its greatest coordinates.
  @inline(__always)
  init(low: Vector, high: Vector) {
    self.low = low
    self.high = high
    middle = 0.5 * (low + high)
  }

  /// Half the diagonal.
  @inline(__always)
  var radius: Double {
    let half = high - middle
    return (half * half).sum().squareRoot()
  }

  /// |m − c|² for the middle m.
  @inline(__always)
  func squaredDistanceOfMiddle(to mean: Vector) -> Double {
    let difference = mean - middle
    return (difference * difference).sum()
  }

  /// The least |y − c|² − |y − p|² over the box.
  @inline(__always)
  func excess(of candidate: Vector, over pivot: Vector) -> Double {
    let direction = candidate - pivot
    let corner = low.replacing(with: high, where: direction .> 0)
    return (direction * (candidate + pivot - 2 * corner)).sum()
  }
}
