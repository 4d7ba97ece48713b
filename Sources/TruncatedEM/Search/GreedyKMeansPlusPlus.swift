import ParallelWork

/// Chooses means to start from by greedy k-means++.
///
/// One mean after the other is drawn from the points with a probability
/// proportional to weight times squared distance to the nearest mean so far
/// (D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful
/// seeding", SODA 2007, section 2.2); of several draws the one that lowers the
/// sum of those squared distances most is kept (the same paper's section 5).
///
/// A node of the tree is passed over when its box is farther from a new mean
/// than its points are from the means there are: the more means there are, the
/// fewer points a further one concerns. Nodes keep the sums of what is below
/// them, so that drawing a point is a walk from the root to a leaf.
struct GreedyKMeansPlusPlus: Sendable {
  /// What to choose from.
  let tree: PointTree

  /// Chooses `components` means.
  ///
  /// Where fewer points are distinct, the means beyond them repeat the points,
  /// the heaviest first.
  ///
  /// - Parameters:
  ///   - components: C, at least 1.
  ///   - pinned: The first means, D numbers each, at most C; from then on
  ///     means are drawn.
  ///   - draws: How many points to try for each mean.
  ///   - generator: The same numbers give the same means.
  /// - Returns: Component after component, `dimension` numbers each.
  /// - Complexity: O(components × draws × (depth + points near a mean)).
  func means(
    _ components: Int, pinned: [Double] = [], draws: Int,
    _ generator: inout SeededGenerator
  ) -> [Double] {
    var search = Search(tree)
    let dimension = tree.dimension
    for c in 0..<pinned.count / dimension {
      search.take(Array(pinned[c * dimension..<(c + 1) * dimension]))
    }
    if pinned.isEmpty { search.takeByWeight(&generator) }
    let meter = WorkMeter.current
    while search.count < components {
      meter?.tell(search.count, of: components)
      guard search.potential > 0, !WorkMeter.isCancelled else {
        search.repeatHeaviest(until: components)
        break
      }
      search.takeBest(of: draws, &generator)
    }
    return search.means
  }
}

extension GreedyKMeansPlusPlus {
  /// The means chosen so far, and how far every point is from them.
  private struct Search {
    private let tree: PointTree

    /// The means, D numbers each.
    private(set) var means: [Double] = []

    /// For each point |y − μ|² with the nearest chosen μ.
    private var distances: [Double]

    /// For each node the largest of those, and their weighted sum.
    private var largest: [Double]
    private var sums: [Double]

    /// What a further mean would change: leaves, and the distances and sums
    /// they would have, one leaf after the other.
    private struct Change {
      /// The nodes above them, in the order of nodes.
      var branches: [Int32] = []

      var leaves: [Int32] = []
      var distances: [Double] = []
      var largest: [Double] = []
      var sums: [Double] = []

      /// By how much the sum of all would fall.
      var gain = 0.0
    }

    init(_ tree: PointTree) {
      self.tree = tree
      distances = [Double](repeating: .infinity, count: tree.points.count)
      largest = [Double](repeating: .infinity, count: tree.nodes.count)
      sums = [Double](repeating: .infinity, count: tree.nodes.count)
    }

    /// How many means there are.
    var count: Int { means.count / tree.dimension }

    /// Σ w |y − μ|².
    var potential: Double { sums[0] }

    private func isLeaf(_ node: Int) -> Bool {
      Int(tree.nodes[node].next) == node + 1
    }

    /// The nodes of the two halves.
    private func halves(_ node: Int) -> (first: Int, second: Int) {
      (node + 1, Int(tree.nodes[node + 1].next))
    }

    /// Takes a point, drawn with a probability proportional to its weight.
    mutating func takeByWeight(_ generator: inout SeededGenerator) {
      take(tree.points.coordinates(ofPoint: drawByWeight(&generator)))
    }

    private func drawByWeight(_ generator: inout SeededGenerator) -> Int {
      let points = tree.points
      var rest = generator.nextUnit() * points.totalWeight
      for n in 0..<points.count {
        rest -= points.weights[n]
        if rest < 0 { return n }
      }
      // Rounding may leave a rest at the end: then the last one that can be.
      return points.weights.lastIndex { $0 > 0 } ?? 0
    }

    /// Draws a point with a probability proportional to its weighted squared
    /// distance.
    private func drawByDistance(
      _ total: Double, _ generator: inout SeededGenerator
    ) -> Int {
      var rest = generator.nextUnit() * total
      var node = 0
      while !isLeaf(node) {
        let (first, second) = halves(node)
        // Rounding may leave more than there is in the second half.
        if rest < sums[first] || sums[second] == 0 {
          node = first
        } else {
          rest -= sums[first]
          node = second
        }
      }
      var last: Int?
      for n in Int(tree.nodes[node].start)..<Int(tree.nodes[node].end) {
        let share = tree.points.weights[n] * distances[n]
        guard share > 0 else { continue }
        last = n
        rest -= share
        if rest < 0 { break }
      }
      return last ?? indexOfLargest()
    }

    private func indexOfLargest() -> Int {
      distances.indices.max {
        tree.points.weights[$0] * distances[$0]
          < tree.points.weights[$1] * distances[$1]
      } ?? 0
    }

    /// What would change with one more mean.
    private func change(with mean: [Double]) -> Change {
      let dimension = tree.dimension
      let lanes = PointTree.vectorWidth(dimension)
      var change = Change()
      var node = 0
      while node < tree.nodes.count {
        // The squared distance of the box.
        var least = 0.0
        let bounds = node * 2 * lanes
        for d in 0..<dimension {
          let below = tree.bounds[bounds + d] - mean[d]
          let above = mean[d] - tree.bounds[bounds + lanes + d]
          let outside = max(0, below, above)
          least += outside * outside
        }
        guard least < largest[node] else {
          node = Int(tree.nodes[node].next)
          continue
        }
        if isLeaf(node) {
          lower(node, toward: mean, &change)
        } else {
          change.branches.append(Int32(truncatingIfNeeded: node))
        }
        node += 1
      }
      return change
    }

    private func lower(
      _ leaf: Int, toward mean: [Double], _ change: inout Change
    ) {
      let points = tree.points
      let node = tree.nodes[leaf]
      let first = change.distances.count
      let range = Int(node.start)..<Int(node.end)
      change.distances += distances[range]
      let (most, sum) = change.distances.withUnsafeMutableBufferPointer {
        distances in
        points.withUnsafePoints { points in
          mean.withUnsafeBufferPointer { mean in
            tree.points.passes.lowerDistances(
              range, of: points, toward: mean,
              SharedMemory(distances).start + first)
          }
        }
      }
      change.leaves.append(Int32(truncatingIfNeeded: leaf))
      change.largest.append(most)
      change.sums.append(sum)
      change.gain += sums[leaf] - sum
    }

    private mutating func apply(_ change: Change) {
      var next = 0
      for (i, leaf) in change.leaves.enumerated() {
        let node = tree.nodes[Int(leaf)]
        for n in Int(node.start)..<Int(node.end) {
          distances[n] = change.distances[next]
          next += 1
        }
        largest[Int(leaf)] = change.largest[i]
        sums[Int(leaf)] = change.sums[i]
      }
      // Halves come later in the order of nodes.
      for branch in change.branches.reversed() {
        let (first, second) = halves(Int(branch))
        largest[Int(branch)] = max(largest[first], largest[second])
        sums[Int(branch)] = sums[first] + sums[second]
      }
    }

    mutating func take(_ mean: [Double]) {
      apply(change(with: mean))
      means += mean
    }

    mutating func takeBest(of draws: Int, _ generator: inout SeededGenerator) {
      let total = potential
      var best: (mean: [Double], change: Change)?
      for _ in 0..<max(1, draws) {
        let mean = tree.points.coordinates(
          ofPoint: drawByDistance(total, &generator))
        let change = change(with: mean)
        if let kept = best, kept.change.gain >= change.gain { continue }
        best = (mean, change)
      }
      if let best {
        apply(best.change)
        means += best.mean
      }
    }

    mutating func repeatHeaviest(until components: Int) {
      let weights = tree.points.weights
      let order = (0..<tree.points.count).sorted {
        (weights[$0], $1) > (weights[$1], $0)
      }
      while count < components {
        means += order.prefix(components - count).flatMap(
          tree.points.coordinates(ofPoint:))
      }
    }
  }
}

extension PointDimension {
  /// Lowers squared distances to what they are with one more mean.
  ///
  /// - Parameters:
  ///   - range: Points.
  ///   - points: Their storage.
  ///   - mean: D numbers.
  ///   - distances: Those of the range; replaced.
  /// - Returns: The largest of them, and their weighted sum.
  func lowerDistances(
    _ range: Range<Int>, of points: UnsafePoints,
    toward mean: UnsafeBufferPointer<Double>,
    _ distances: UnsafeMutablePointer<Double>
  ) -> (largest: Double, sum: Double) {
    var largest = 0.0
    var sum = 0.0
    for n in range {
      var distance = 0.0
      for d in 0..<count {
        let difference = points.coordinate(n, d) - mean[d]
        distance += difference * difference
      }
      let before = distances[n - range.lowerBound]
      let lowered = distance < before ? distance : before
      distances[n - range.lowerBound] = lowered
      largest = lowered > largest ? lowered : largest
      sum += points.weights[n] * lowered
    }
    return (largest, sum)
  }
}
