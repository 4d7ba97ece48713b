/// What a box says of components by their costs; see `ComponentCosts`.
struct CostOrder<Vector: SIMD>: BoxOrder where Vector.Scalar == Double {
  private let components: UnsafeComponents
  private let low: Vector
  private let high: Vector
  private let middle: Vector

  /// The order of a box between its least and its greatest coordinates.
  @inline(__always)
  init(_ components: UnsafeComponents, low: Vector, high: Vector) {
    self.components = components
    self.low = low
    self.high = high
    middle = 0.5 * (low + high)
  }

  @inline(__always)
  func distanceOfMiddle(to component: Int) -> Double {
    components.cost(component, at: middle)
  }

  @inline(__always)
  mutating func start(farthestPivot: Double) {}

  @inline(__always)
  func candidate(_ component: Int, at distance: Double) -> Int { component }

  /// Whether a component surely costs every point of the box more than another.
  ///
  /// The difference of the costs is a sum of one quadratic function for each
  /// coordinate, so it is least where each of them is: at an end of the side of
  /// the box or, where the function has a minimum, there. It must be larger than
  /// any rounding error.
  @inline(__always)
  func isFarther(_ component: Int, than pivot: Int) -> Bool {
    let a = components.precisions[component]
    let b = components.precisions[pivot]
    let mean = components.means.mean(component, as: Vector.self)
    let other = components.means.mean(pivot, as: Vector.self)
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
    let offset = components.offsets[component]
    let margin =
      (a + b) * components.means.margin
      + 1e-12 * (abs(offset) + abs(components.offsets[pivot]))
    return offset - components.offsets[pivot] + least.sum() > margin
  }
}

extension FixedDimension {
  @inline(__always)
  func narrowed(
    _ path: CandidatePath, _ list: Range<Int>, to node: Int,
    of tree: UnsafeTree,
    _ components: UnsafeComponents
  ) -> Range<Int> {
    guard path.canNarrow(list) else { return list }
    let (low, high) = tree.bounds(node, as: Vector.self)
    return path.narrowed(
      list, by: CostOrder(components, low: low, high: high))
  }
}
