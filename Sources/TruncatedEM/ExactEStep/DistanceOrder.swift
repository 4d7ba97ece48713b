/// What a box says of components by their distances.
///
/// That a component is farther than a pivot from every point of the box is
/// decided at one corner: the difference |y − c|² − |y − p|² is linear in y, so
/// it is least at the corner that lies farthest in the direction from p to c.
struct DistanceOrder<Vector: SIMD>: BoxOrder where Vector.Scalar == Double {
  struct Candidate {
    let mean: Vector

    /// What the difference of squared distances must exceed.
    let margin: Double
  }

  private let box: CandidateBox<Vector>
  private let means: UnsafeMeans

  /// See `CandidateSearch`.
  private let slack: Double

  /// A bound of |y − p| for points of the box and all pivots p, and as much as
  /// the box adds to it.
  private var reach = 0.0

  /// The order of a box.
  @inline(__always)
  init(_ box: CandidateBox<Vector>, _ means: UnsafeMeans, slack: Double) {
    self.box = box
    self.means = means
    self.slack = slack
  }

  @inline(__always)
  func distanceOfMiddle(to component: Int) -> Double {
    box.squaredDistanceOfMiddle(to: means.mean(component, as: Vector.self))
  }

  @inline(__always)
  mutating func start(farthestPivot: Double) {
    reach = slack > 0 ? farthestPivot.squareRoot() + 2 * box.radius : 0
  }

  @inline(__always)
  func candidate(_ component: Int, at distance: Double) -> Candidate {
    var margin = means.margin
    if slack > 0 { margin += slack * (reach + distance.squareRoot()) }
    return Candidate(
      mean: means.mean(component, as: Vector.self), margin: margin)
  }

  @inline(__always)
  func isFarther(_ candidate: Candidate, than pivot: Int) -> Bool {
    box.excess(
      of: candidate.mean, over: means.mean(pivot, as: Vector.self))
      > candidate.margin
  }
}
