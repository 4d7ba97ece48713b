/// Finds, for every leaf of a part of a tree, the components that may be among
/// the C' closest of some point of the leaf.
///
/// From the root down, a component is dropped below a node when each of C'
/// others, the pivots, is closer than it to *every* point of the node's box.
/// That is decided at one corner: the difference |y − c|² − |y − p|² is linear
/// in y, so it is least at the corner that lies farthest in the direction from
/// p to c. Dropping needs a difference larger than any rounding error, so what
/// is found among the candidates is exactly what is found among all components.
///
/// With a slack s, dropping also needs |y − c| − |y − p| to exceed s. The lists
/// then hold for other means too, as long as none of them has moved by more than
/// s/2.
struct CandidateSearch<Dimension: FixedDimension> {
  typealias Vector = Dimension.Vector

  private let tree: UnsafeTree
  private let means: UnsafeMeans

  /// C'.
  private let truncation: Int

  /// By how much |y − c| must exceed |y − p| to drop c; not negative.
  private let slack: Double

  /// Which components have moved too far for the lists there are.
  private let moved: UnsafePointer<Bool>?

  /// The lists of all nodes on the path, one after the other.
  private let numbers: UnsafeMutablePointer<Int32>

  /// The squared distance of each component from the middle of the box at hand,
  /// by its place in the list.
  private let distances: UnsafeMutablePointer<Double>

  /// The pivots of the node at hand, nearest to its middle first, with their
  /// squared distances from it.
  private let pivots: UnsafeMutablePointer<Int32>
  private let pivotDistances: UnsafeMutablePointer<Double>

  /// Beyond this C' looking for pivots costs more than it saves.
  private static var mostPivots: Int { 8 }

  /// Room for the lists of a path.
  init(
    _ tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    moved: UnsafePointer<Bool>?
  ) {
    self.tree = tree
    self.means = means
    self.truncation = truncation
    self.slack = slack
    self.moved = moved
    numbers = .allocate(capacity: means.count * (tree.depth + 1))
    distances = .allocate(capacity: means.count)
    pivots = .allocate(capacity: truncation)
    pivotDistances = .allocate(capacity: truncation)
    for c in 0..<means.count { numbers[c] = Int32(truncatingIfNeeded: c) }
  }

  /// Frees the memory.
  func deallocate() {
    numbers.deallocate()
    distances.deallocate()
    pivots.deallocate()
    pivotDistances.deallocate()
  }

  /// Makes the lists of a node and all below it.
  ///
  /// - Complexity: O(nodes × candidates × C'), where candidates are those of
  ///   the node above.
  func search(into result: inout SubtreeCandidates) {
    make(result.root, 0..<means.count, below: nil, &result)
  }

  /// Makes the lists hold for components that have moved, where C' is 1.
  ///
  /// A node's list keeps the components that have not moved, as long as its
  /// pivot has not; those that have are looked for among the candidates of the
  /// node above. Where neither that nor the node's own list has a component
  /// that moved, nothing changes in it and below.
  ///
  /// - Complexity: O(nodes near the components that moved × candidates).
  func revise(_ result: inout SubtreeCandidates) {
    revise(result.root, 0..<means.count, &result)
  }

  private func make(
    _ index: Int, _ outer: Range<Int>, below parent: Int?,
    _ result: inout SubtreeCandidates
  ) {
    let (low, high) = tree.bounds(index, as: Vector.self)
    let (list, pivot) = narrowed(outer, low: low, high: high)
    if let parent, list == outer, truncation > 1 {
      // Nothing was dropped: one list serves both. (With C' = 1 lists are
      // revised one by one, and each has its own.)
      result.share(index, with: parent)
    } else {
      result.set(index, pivot: pivot, buffer(list))
    }
    let next = Int(tree.nodes[index].next)
    guard next > index + 1 else { return }
    make(index + 1, list, below: index, &result)
    make(Int(tree.nodes[index + 1].next), list, below: index, &result)
  }

  private func revise(
    _ index: Int, _ outer: Range<Int>, _ result: inout SubtreeCandidates
  ) {
    guard let moved else { return }
    let entry = result[index]
    guard
      result.contains(in: index, where: { moved[Int($0)] })
        || outer.contains(where: { moved[Int(numbers[$0])] })
    else { return }
    let (low, high) = tree.bounds(index, as: Vector.self)
    let list: Range<Int>
    var pivot = entry.pivot
    if pivot >= 0, !moved[Int(pivot)] {
      list = merged(
        index, result, outer, moved, pivot: Int(pivot),
        CandidateBox(low: low, high: high))
    } else {
      (list, pivot) = narrowed(outer, low: low, high: high)
    }
    result.set(index, pivot: pivot, buffer(list))
    let next = Int(tree.nodes[index].next)
    guard next > index + 1 else { return }
    revise(index + 1, list, &result)
    revise(Int(tree.nodes[index + 1].next), list, &result)
  }

  /// A node's candidates that have not moved, and those of the node above that
  /// have and may be closer than the pivot.
  private func merged(
    _ index: Int, _ lists: borrowing SubtreeCandidates, _ outer: Range<Int>,
    _ moved: UnsafePointer<Bool>, pivot: Int, _ box: CandidateBox<Vector>
  ) -> Range<Int> {
    let nearest = means.mean(pivot, as: Vector.self)
    let reach =
      box.squaredDistanceOfMiddle(to: nearest).squareRoot() + 2 * box.radius
    var end = outer.upperBound
    var place = outer.lowerBound
    /// Takes those that have moved and come before a number.
    func takeMoved(before number: Int32) {
      while place < outer.upperBound, numbers[place] < number {
        if moved[Int(numbers[place])] {
          let candidate = mean(place)
          let distance = box.squaredDistanceOfMiddle(to: candidate)
          let margin =
            means.margin + slack * (reach + distance.squareRoot())
          if box.excess(of: candidate, over: nearest) <= margin {
            numbers[end] = numbers[place]
            end += 1
          }
        }
        place += 1
      }
    }
    let entry = lists[index]
    for i in Int(entry.start)..<Int(entry.start) + Int(entry.count) {
      let number = lists.numbers[i]
      guard !moved[Int(number)] else { continue }
      takeMoved(before: number)
      numbers[end] = number
      end += 1
    }
    takeMoved(before: .max)
    return outer.upperBound..<end
  }

  private func buffer(_ list: Range<Int>) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: numbers + list.lowerBound, count: list.count)
  }

  /// The mean of the component at a place of the lists.
  @inline(__always)
  private func mean(_ place: Int) -> Vector {
    means.mean(Int(numbers[place]), as: Vector.self)
  }

  /// The candidates of a box, out of those of the box around it.
  ///
  /// - Parameters:
  ///   - list: Where the outer box's candidates are.
  ///   - low: The least coordinates of the box.
  ///   - high: The greatest.
  /// - Returns: Where the box's candidates are, behind `list`, in the same
  ///   order; at least C' of them. And the first pivot, or −1 where none was
  ///   looked for.
  private func narrowed(
    _ list: Range<Int>, low: Vector, high: Vector
  ) -> (list: Range<Int>, pivot: Int32) {
    guard list.count > truncation, truncation <= Self.mostPivots else {
      return (list, list.count == 1 ? numbers[list.lowerBound] : -1)
    }
    return truncation == 1
      ? narrowedToNearest(list, low: low, high: high)
      : narrowedToSeveral(list, low: low, high: high)
  }

  @inline(__always)
  private func narrowedToNearest(
    _ list: Range<Int>, low: Vector, high: Vector
  ) -> (list: Range<Int>, pivot: Int32) {
    let box = CandidateBox(low: low, high: high)
    var least = Double.infinity
    var pivot = list.lowerBound
    for place in list {
      let distance = box.squaredDistanceOfMiddle(to: mean(place))
      distances[place - list.lowerBound] = distance
      if distance < least {
        least = distance
        pivot = place
      }
    }
    let nearest = mean(pivot)
    let reach = slack > 0 ? least.squareRoot() + 2 * box.radius : 0
    var end = list.upperBound
    for place in list {
      var margin = means.margin
      if slack > 0 {
        let distance = distances[place - list.lowerBound]
        margin += slack * (reach + distance.squareRoot())
      }
      let dropped =
        place != pivot && box.excess(of: mean(place), over: nearest) > margin
      numbers[end] = numbers[place]
      end += dropped ? 0 : 1
    }
    return (list.upperBound..<end, numbers[pivot])
  }

  private func narrowedToSeveral(
    _ list: Range<Int>, low: Vector, high: Vector
  ) -> (list: Range<Int>, pivot: Int32) {
    let box = CandidateBox(low: low, high: high)
    for i in 0..<truncation { pivotDistances[i] = .infinity }
    for place in list {
      let distance = box.squaredDistanceOfMiddle(to: mean(place))
      distances[place - list.lowerBound] = distance
      guard distance < pivotDistances[truncation - 1] else { continue }
      var i = truncation - 1
      while i > 0, pivotDistances[i - 1] > distance {
        pivotDistances[i] = pivotDistances[i - 1]
        pivots[i] = pivots[i - 1]
        i -= 1
      }
      pivotDistances[i] = distance
      pivots[i] = numbers[place]
    }
    let reach =
      pivotDistances[truncation - 1].squareRoot() + 2 * box.radius
    var end = list.upperBound
    for place in list {
      let number = numbers[place]
      let candidate = mean(place)
      var margin = means.margin
      if slack > 0 {
        let distance = distances[place - list.lowerBound]
        margin += slack * (reach + distance.squareRoot())
      }
      var dropped = true
      // The farthest pivot is the one that most often is not closer.
      var i = truncation - 1
      while dropped, i >= 0 {
        dropped =
          pivots[i] != number
          && box.excess(
            of: candidate, over: means.mean(Int(pivots[i]), as: Vector.self))
            > margin
        i -= 1
      }
      numbers[end] = number
      end += dropped ? 0 : 1
    }
    return (list.upperBound..<end, pivots[0])
  }
}

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

extension FixedDimension {
  static func searchCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    into lists: inout SubtreeCandidates
  ) {
    let search = CandidateSearch<Self>(
      tree, means, truncation: truncation, slack: slack, moved: nil)
    defer { search.deallocate() }
    search.search(into: &lists)
  }

  static func reviseCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, slack: Double, moved: [Bool],
    of lists: inout SubtreeCandidates
  ) {
    moved.withUnsafeBufferPointer { moved in
      let search = CandidateSearch<Self>(
        tree, means, truncation: 1, slack: slack, moved: moved.baseAddress)
      defer { search.deallocate() }
      search.revise(&lists)
    }
  }
}
