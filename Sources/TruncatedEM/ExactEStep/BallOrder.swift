/// What a ball says of components by their costs, in any number of dimensions:
/// what `CostOrder` is in few.
///
/// A component with 1/2σ² = a and offset b costs a point of the ball about m, with
/// radius r, at least b + a·max(0, |m − μ| − r)² and at most b + a·(|m − μ| + r)².
/// It is dropped where C' others surely cost every point less, and where its
/// responsibility is 0 beside another's in double precision.
struct BallOrder {
  private let dimension: AnyDimension
  private let components: UnsafeComponents
  private var ball: Ball

  init(_ dimension: AnyDimension, _ components: UnsafeComponents) {
    self.dimension = dimension
    self.components = components
    ball = Ball(dimension: dimension.count)
  }

  /// Frees the memory.
  func deallocate() { ball.deallocate() }

  /// The candidates of a node, out of those of the node above; see
  /// `CandidatePath.narrowed`.
  mutating func narrowed(
    _ path: CandidatePath, _ list: Range<Int>, to node: Int,
    of tree: UnsafeTree
  ) -> Range<Int> {
    let lanes = dimension.vectorWidth
    let (numbers, distances) = (path.numbers, path.distances)
    ball.move(to: node, of: tree, lanes: lanes)
    path.pivots.reset()
    for place in list {
      let number = Int(numbers[place])
      let distance = ball.squaredDistanceOfMiddle(
        to: components.means.values + number * lanes
      ).squareRoot()
      let (offset, precision) = (
        components.offsets[number], components.precisions[number]
      )
      // Two rounding errors of a squared distance, and those of what it is
      // multiplied with and added to.
      let error =
        2 * precision * components.means.margin + 1e-12 * abs(offset)
      let nearest = max(0, distance - ball.radius)
      let farthest = distance + ball.radius
      distances[place - list.lowerBound] =
        offset + precision * nearest * nearest - error
      path.pivots.offer(
        numbers[place], offset + precision * farthest * farthest + error)
    }
    let most = min(
      path.pivots.bound, path.pivots.distances[0] + VectorMath.vanishing)
    var end = list.upperBound
    for place in list {
      numbers[end] = numbers[place]
      end += distances[place - list.lowerBound] > most ? 0 : 1
    }
    return list.upperBound..<end
  }
}

extension AnyDimension {
  func narrowed(
    _ path: CandidatePath, _ list: Range<Int>, to node: Int,
    of tree: UnsafeTree, _ components: UnsafeComponents
  ) -> Range<Int> {
    guard list.count > 1, path.truncation <= CandidatePath.mostPivots else {
      return list
    }
    var order = BallOrder(self, components)
    defer { order.deallocate() }
    return order.narrowed(path, list, to: node, of: tree)
  }
}
