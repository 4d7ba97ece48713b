/// Finds, for every leaf of a part of a tree, the components that may be among
/// the C' closest of some point of the leaf, in any number of dimensions: what
/// `CandidateSearch` is in few.
///
/// From the root down, a component c is dropped where each of C' others is nearer
/// than it to every point of the node's `Ball`, about m with radius r. With d_c =
/// |m − c| that is so where d_c − r > d_p + r for the C' others p that are nearest
/// to the middle. With C' = 1 it is enough that the ball lies on p's side of the
/// plane between both: d_c² − d_p² > 2 r |c − p|. Both differences must be larger
/// than any rounding error.
struct BallSearch {
  private let tree: UnsafeTree
  private let means: UnsafeMeans
  private let dimension: AnyDimension

  /// C'.
  private let truncation: Int

  /// By how much |y − c| must exceed |y − p| to drop c; see `CandidateSearch`.
  private let slack: Double

  /// The lists of the nodes above the one at hand.
  private let path: CandidatePath
  private var ball: Ball

  /// Room for the lists of a path.
  init(
    _ dimension: AnyDimension, _ tree: UnsafeTree, _ means: UnsafeMeans,
    truncation: Int, slack: Double
  ) {
    self.dimension = dimension
    self.tree = tree
    self.means = means
    self.truncation = truncation
    self.slack = slack
    path = CandidatePath(
      truncation: truncation,
      components: Int32(0)..<Int32(truncatingIfNeeded: means.count),
      depth: tree.depth)
    ball = Ball(dimension: dimension.count)
  }

  /// Frees the memory.
  func deallocate() {
    path.deallocate()
    ball.deallocate()
  }

  /// Makes the lists of the leaves of a part.
  ///
  /// - Complexity: O(nodes × candidates × D), where candidates are those of the
  ///   node above.
  mutating func search(into result: inout SubtreeCandidates) {
    var owner: Int?
    make(result.root, 0..<means.count, of: &owner, inVain: 0, &result)
  }

  /// Makes the lists below a node, out of `outer`, that of the node above, which
  /// the leaf `outerOwner` has already. The `inVain` nodes above have dropped hardly
  /// any component.
  private mutating func make(
    _ index: Int, _ outer: Range<Int>, of outerOwner: inout Int?, inVain: Int,
    _ result: inout SubtreeCandidates
  ) {
    let node = tree.nodes[index]
    let isHopeless = dimension.isHopeless(
      points: Int(node.end - node.start), candidates: outer.count,
      narrowedInVain: inVain)
    let narrows = !isHopeless && path.canNarrow(outer)
    let list = narrows ? narrowed(outer, to: index) : outer
    if narrows { result.count(outer.count) }
    guard list != outer else {
      descend(index, list, of: &outerOwner, inVain: inVain + 1, &result)
      return
    }
    var owner: Int?
    descend(index, list, of: &owner, inVain: 0, &result)
  }

  private mutating func descend(
    _ index: Int, _ list: Range<Int>, of owner: inout Int?, inVain: Int,
    _ result: inout SubtreeCandidates
  ) {
    let next = Int(tree.nodes[index].next)
    if next > index + 1 {
      make(index + 1, list, of: &owner, inVain: inVain, &result)
      make(
        Int(tree.nodes[index + 1].next), list, of: &owner, inVain: inVain,
        &result)
    } else if let owner {
      result.share(index, with: owner)
    } else {
      result.set(index, pivot: -1, path.buffer(list))
      owner = index
    }
  }

  /// The candidates of a node's ball, out of those of the node above: behind
  /// those, or those themselves where few are dropped.
  private mutating func narrowed(
    _ list: Range<Int>, to node: Int
  ) -> Range<Int> {
    let lanes = dimension.vectorWidth
    let (numbers, distances) = (path.numbers, path.distances)
    ball.move(to: node, of: tree, lanes: lanes)
    path.pivots.reset()
    for place in list {
      let squared = ball.squaredDistanceOfMiddle(
        to: means.values + Int(numbers[place]) * lanes)
      distances[place - list.lowerBound] = squared
      path.pivots.offer(numbers[place], squared)
    }
    let squaredBound = path.pivots.bound
    let bound = squaredBound.squareRoot()
    let diameter = 2 * ball.radius
    let reach = bound + diameter + slack
    let far = reach * reach + means.margin
    let pivot = means.values + Int(path.pivots.numbers[0]) * lanes
    var end = list.upperBound
    for place in list {
      let squared = distances[place - list.lowerBound]
      var isDropped = squared > far
      let excess = squared - squaredBound
      if !isDropped, truncation == 1, excess > means.margin {
        let apart = Ball.squaredDistance(
          means.values + Int(numbers[place]) * lanes, pivot, dimension.count
        ).squareRoot()
        let margin =
          means.margin + slack * (squared.squareRoot() + bound + diameter)
        isDropped = excess > diameter * apart + margin
      }
      numbers[end] = numbers[place]
      end += isDropped ? 0 : 1
    }
    let inner = list.upperBound..<end
    // A list that is hardly shorter is not worth its memory.
    return path.isInVain(inner, of: list) ? list : inner
  }
}

extension AnyDimension {
  func searchCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    into lists: inout SubtreeCandidates
  ) {
    var search = BallSearch(
      self, tree, means, truncation: truncation, slack: slack)
    defer { search.deallocate() }
    search.search(into: &lists)
  }

  /// Makes all lists anew: with the slack that lists are revised with they hold
  /// for those that have not moved as well.
  func reviseCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, slack: Double, moved: [Bool],
    of lists: inout SubtreeCandidates
  ) {
    lists.removeAll()
    searchCandidates(
      in: tree, means, truncation: 1, slack: slack, into: &lists)
  }
}
