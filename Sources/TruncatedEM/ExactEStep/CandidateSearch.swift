internal import CKernels

/// Finds, for every leaf of a part of a tree, the components that may be among
/// the C' closest of some point of the leaf.
///
/// From the root down, components are dropped as `CandidatePath` and
/// `DistanceOrder` say. Dropping needs a difference larger than any rounding
/// error, so what is found among the candidates is exactly what is found among
/// all components.
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

  /// The lists of the nodes above the one at hand.
  private let path: CandidatePath

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
    path = CandidatePath(
      truncation: truncation,
      components: Int32(0)..<Int32(truncatingIfNeeded: means.count),
      depth: tree.depth,
      planes: InstructionSet.hasKernels ? Dimension.count : 0)
    for c in 0..<means.count {
      path.put(
        Int32(truncatingIfNeeded: c), means.mean(c, as: Vector.self), at: c,
        Dimension.count)
    }
  }

  /// Frees the memory.
  func deallocate() { path.deallocate() }

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
    let (list, pivot) = narrowed(outer, to: index)
    if list != outer { result.count(outer.count) }
    if let parent, list == outer, truncation > 1 {
      // Nothing was dropped: one list serves both. (With C' = 1 lists are
      // revised one by one, and each has its own.)
      result.share(index, with: parent)
    } else {
      result.set(index, pivot: pivot, path.buffer(list))
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
    let list: Range<Int>
    var pivot = entry.pivot
    if pivot >= 0, !moved[Int(pivot)] {
      let (low, high) = tree.bounds(index, as: Vector.self)
      let tests: Int
      (list, tests) = merged(
        index, result, outer, moved, pivot: Int(pivot),
        CandidateBox(low: low, high: high))
      result.count(tests)
    } else {
      (list, pivot) = narrowed(outer, to: index)
      if list != outer { result.count(outer.count) }
    }
    result.set(index, pivot: pivot, path.buffer(list))
    let next = Int(tree.nodes[index].next)
    guard next > index + 1 else { return }
    revise(index + 1, list, &result)
    revise(Int(tree.nodes[index + 1].next), list, &result)
  }

  /// A node's candidates that have not moved, and those of the node above that
  /// have and may be closer than the pivot. And how many that were tested.
  private func merged(
    _ index: Int, _ lists: borrowing SubtreeCandidates, _ outer: Range<Int>,
    _ moved: UnsafePointer<Bool>, pivot: Int, _ box: CandidateBox<Vector>
  ) -> (list: Range<Int>, tests: Int) {
    let nearest = means.mean(pivot, as: Vector.self)
    let reach =
      box.squaredDistanceOfMiddle(to: nearest).squareRoot() + 2 * box.radius
    var end = outer.upperBound
    var place = outer.lowerBound
    var tests = 0
    /// Takes those that have moved and come before a number.
    func takeMoved(before number: Int32) {
      while place < outer.upperBound, numbers[place] < number {
        if moved[Int(numbers[place])] {
          tests += 1
          let candidate = mean(place)
          let distance = box.squaredDistanceOfMiddle(to: candidate)
          let margin =
            means.margin + slack * (reach + distance.squareRoot())
          if box.excess(of: candidate, over: nearest) <= margin {
            path.put(numbers[place], candidate, at: end, Dimension.count)
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
      path.put(
        number, means.mean(Int(number), as: Vector.self), at: end,
        Dimension.count)
      end += 1
    }
    takeMoved(before: .max)
    return (outer.upperBound..<end, tests)
  }

  private var numbers: UnsafeMutablePointer<Int32> { path.numbers }

  /// The mean of the component at a place of the lists.
  @inline(__always)
  private func mean(_ place: Int) -> Vector {
    means.mean(Int(numbers[place]), as: Vector.self)
  }

  /// The candidates of a box, out of those of the box around it.
  ///
  /// - Parameters:
  ///   - list: Where the outer box's candidates are.
  ///   - node: The node of the box.
  /// - Returns: Where the box's candidates are, behind `list`, in the same
  ///   order; at least C' of them. And the first pivot, or −1 where none was
  ///   looked for.
  private func narrowed(
    _ list: Range<Int>, to node: Int
  ) -> (list: Range<Int>, pivot: Int32) {
    guard path.canNarrow(list) else {
      return (list, list.count == 1 ? numbers[list.lowerBound] : -1)
    }
    if let planes = path.planes {
      let low = tree.bounds + node * 2 * Vector.scalarCount
      var pivot: Int32 = 0
      let count = qk_narrow(
        numbers + list.lowerBound, planes + list.lowerBound, path.stride,
        list.count, low, low + Vector.scalarCount, Dimension.count, truncation,
        means.margin, slack, path.distances, &pivot)
      return (list.upperBound..<list.upperBound + count, pivot)
    }
    let (low, high) = tree.bounds(node, as: Vector.self)
    let box = CandidateBox(low: low, high: high)
    guard truncation > 1 else { return narrowedToNearest(list, box) }
    let inner = path.narrowed(
      list, by: DistanceOrder(box, means, slack: slack))
    return (inner, path.pivots.numbers[0])
  }

  /// What `path` finds with one pivot. Written out, because with C' = 1 most of
  /// the time goes here, and one pivot needs no list.
  @inline(__always)
  private func narrowedToNearest(
    _ list: Range<Int>, _ box: CandidateBox<Vector>
  ) -> (list: Range<Int>, pivot: Int32) {
    var least = Double.infinity
    var pivot = list.lowerBound
    for place in list {
      let distance = box.squaredDistanceOfMiddle(to: mean(place))
      path.distances[place - list.lowerBound] = distance
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
        let distance = path.distances[place - list.lowerBound]
        margin += slack * (reach + distance.squareRoot())
      }
      let dropped =
        place != pivot && box.excess(of: mean(place), over: nearest) > margin
      numbers[end] = numbers[place]
      end += dropped ? 0 : 1
    }
    return (list.upperBound..<end, numbers[pivot])
  }
}

extension FixedDimension {
  func searchCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    into lists: inout SubtreeCandidates
  ) {
    let search = CandidateSearch<Self>(
      tree, means, truncation: truncation, slack: slack, moved: nil)
    defer { search.deallocate() }
    search.search(into: &lists)
  }

  func reviseCandidates(
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
