import ParallelWork

/// A partial E-step over all points (docs/guides/partial-e-step.md):
///
/// 1. The distances of each point to the members of its K_n, whose means have
///    moved.
/// 2. For each component the neighbours that any point that keeps it may want:
///    of its neighbourhood those that are not farther than the component and
///    the farthest of K_n, from that point, together.
/// 3. K_n becomes the C' nearest of its members and their neighbours, and the
///    point is shared among them.
/// 4. For each component the sums over the points that keep it.
///
/// A neighbour is passed over, in 2 and 3, only where the triangle inequality
/// says that it is farther than the farthest of K_n; so what is found is found
/// as if each of the neighbourhood were tried.
struct NeighbourhoodPass<Dimension: FixedDimension>: @unchecked Sendable {
  // Sendable: threads only read the points and the means, which outlive them,
  // and write memberships of their own.

  typealias Vector = Dimension.Vector

  let points: UnsafePoints
  let memberships: Memberships

  /// Vectors, 0 beyond the dimension.
  let means: UnsafePointer<Double>
  let components: Int
  var truncation: Int { memberships.truncation }

  /// Distances carry rounding errors of a few units in the sixteenth digit.
  /// What is farther by this factor is farther.
  static var slack: Double { 1 + 1e-9 }

  /// Points, and components, that make a piece of work worth its while.
  private static var pointsInPiece: Int { 2_048 }
  private static var componentsInPiece: Int { 256 }
  private static var mostPieces: Int { 64 }

  /// Ranges of components, or of places of their tree, to work on at once.
  static func componentPieces(_ components: Int) -> [Range<Int>] {
    let count = max(1, min(mostPieces, components / componentsInPiece))
    return (0..<count).map {
      components * $0 / count..<components * ($0 + 1) / count
    }
  }

  /// Makes an E-step: K_n, shares and sums.
  static func run(
    _ state: NeighbourhoodExpectation, _ model: MixtureModel
  ) -> (SufficientStatistics, PassSums) {
    let isFirst = state.tree == nil
    var tree = state.tree ?? MeansTree(model)
    if !isFirst { tree.follow(model) }
    state.tree = tree
    let lanes = Vector.scalarCount
    var means = [Double](repeating: 0, count: lanes * model.components)
    for c in 0..<model.components {
      for d in 0..<Dimension.count {
        means[c * lanes + d] = model.means[c * Dimension.count + d]
      }
    }
    let result = state.points.withUnsafePoints { points in
      means.withUnsafeBufferPointer { means in
        tree.withUnsafeMeansTree { unsafeTree in
          guard let means = means.baseAddress else {
            preconditionFailure("models are never empty")
          }
          let pass = NeighbourhoodPass(
            points: points, memberships: state.memberships, means: means,
            components: model.components)
          return pass.run(
            state, unsafeTree, tree.leaves, model, isFirst: isFirst)
        }
      }
    }
    state.isSorted = true
    return result
  }

  private func run(
    _ state: NeighbourhoodExpectation, _ tree: UnsafeMeansTree,
    _ leaves: [Int], _ model: MixtureModel, isFirst: Bool
  ) -> (SufficientStatistics, PassSums) {
    let workers = state.workers
    let pieces = state.points.pieces(
      ofAtLeast: Self.pointsInPiece, most: Self.mostPieces
    ).map { $0.clamped(to: 0..<state.points.count) }
    var neighbourhoods: Neighbourhoods?
    // The M-step needs those of a point to what it keeps, and so does all but the
    // first E-step.
    let members = state.points.count * truncation
    var total = PassSums()
    total.distances = isFirst ? members : 2 * members
    if isFirst {
      total.distances += workers.map(pieces.count) {
        findNearest(pieces[$0], tree)
      }.reduce(0, +)
    } else if truncation < components, state.size > 1 {
      if !state.isSorted { memberships.sort() }
      workers.forEach(pieces.count) { measure(pieces[$0]) }
      let found = neighbours(tree, leaves, size: state.size, workers)
      neighbourhoods = found.0
      total.distances += found.distances
    } else {
      workers.forEach(pieces.count) { measure(pieces[$0]) }
    }
    let found = neighbourhoods
    let precision = model.variance > 0 ? 1 / (2 * model.variance) : 0
    let parts = workers.map(pieces.count) {
      share(pieces[$0], among: found, precision)
    }
    for part in parts { total += part }
    memberships.sort()
    return (statistics(tree, workers), total)
  }

  @inline(__always)
  func point(_ n: Int) -> Vector {
    var result = Vector.zero
    for d in 0..<Dimension.count { result[d] = points.coordinate(n, d) }
    return result
  }

  @inline(__always)
  func mean(_ component: Int) -> Vector {
    Dimension.vector(means, component)
  }

  /// The first K_n of each point: the C' nearest of all components.
  ///
  /// - Returns: How many distances were evaluated.
  private func findNearest(
    _ range: Range<Int>, _ tree: UnsafeMeansTree
  ) -> Int {
    var heap = NearestHeap(room: truncation)
    defer { heap.deallocate() }
    for n in range {
      let place = point(n)
      // What the point before keeps is likely near, and shortens the search.
      var bound = Double.infinity
      if n > range.lowerBound {
        bound = 0
        for i in (n - 1) * truncation..<n * truncation {
          let c = Int(memberships.components[i])
          bound = max(bound, Dimension.squaredDistance(place, mean(c)))
        }
      }
      heap.begin(within: bound)
      tree.search(near: place, except: -1, as: Dimension.self, &heap)
      heap.sort()
      for i in 0..<truncation {
        memberships.components[n * truncation + i] = UInt16(
          truncatingIfNeeded: heap.entries[i].number)
        memberships.values[n * truncation + i] = heap.entries[i].distance
      }
    }
    return heap.distances + max(0, range.count - 1) * truncation
  }

  /// The distances of points to their K_n.
  private func measure(_ range: Range<Int>) {
    for n in range {
      let place = point(n)
      var farthest = 0.0
      for i in n * truncation..<(n + 1) * truncation {
        let distance = Dimension.squaredDistance(
          place, mean(Int(memberships.components[i])))
        memberships.values[i] = distance
        farthest = max(farthest, distance)
      }
      memberships.reaches[n] = farthest.squareRoot()
    }
  }
}

extension FixedDimension {
  func assignAmongNeighbours(
    _ state: NeighbourhoodExpectation, _ model: MixtureModel
  ) -> (SufficientStatistics, PassSums) {
    NeighbourhoodPass<Self>.run(state, model)
  }
}
