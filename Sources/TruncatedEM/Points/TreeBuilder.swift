import ParallelWork

/// Makes the nodes of a `PointTree`, then their bounds and sums.
struct TreeBuilder {
  private(set) var nodes: [PointTree.Node] = []
  private(set) var bounds: [Double] = []
  private(set) var sums: [Double] = []
  private(set) var depth = 0
  private(set) var radii: [Double] = []

  private let points: WeightedPoints
  private let keys: [UInt64]
  private let lanes: Int

  init(points: WeightedPoints, keys: [UInt64]) {
    self.points = points
    self.keys = keys
    lanes = PointTree.vectorWidth(points.dimension)
  }

  /// Makes the tree.
  ///
  /// - Complexity: O(points × dimension + nodes × log points).
  mutating func build(_ workers: Workers) {
    let keys = keys
    let top = Branch(
      of: keys, cutAbove: max(PointTree.mostPointsInLeaf, points.count / 16))
    let parts = workers.map(top.leaves.count) { part in
      Branch(of: keys, top.leaves[part], cutAbove: PointTree.mostPointsInLeaf)
    }
    let branch = top.grafted(parts)
    nodes = branch.nodes
    depth = branch.depth
    bounds = [Double](repeating: 0, count: nodes.count * 2 * lanes)
    sums = [Double](
      repeating: 0,
      count: nodes.count * SufficientStatistics.Row.width(points.dimension))
    gatherLeaves(workers)
    joinNodes()
    if points.dimension > WeightedPoints.fastDimension { measureBalls(workers) }
  }

  /// Bounds and sums of the leaves, from their points.
  private mutating func gatherLeaves(_ workers: Workers) {
    let (nodes, points, lanes) = (nodes, points, lanes)
    bounds.withUnsafeMutableBufferPointer { bounds in
      let bounds = SharedMemory(bounds)
      sums.withUnsafeMutableBufferPointer { sums in
        let sums = SharedMemory(sums)
        Self.forEachLeaf(of: nodes, points, workers) { node, range, planes in
          Self.gather(
            range, planes, points.dimension,
            bounds: bounds.start + node * 2 * lanes, lanes: lanes,
            sums: StatisticsRow(
              node, of: sums.start, dimension: points.dimension))
        }
      }
    }
  }

  /// Calls `body` with each leaf and its points, on several threads.
  private static func forEachLeaf(
    of nodes: [PointTree.Node], _ points: WeightedPoints, _ workers: Workers,
    _ body: @Sendable (Int, Range<Int>, UnsafePoints) -> Void
  ) {
    let pieces = max(1, min(32, points.count / 16_384))
    points.withUnsafePoints { points in
      workers.forEach(pieces) { piece in
        for node in nodes.indices.piece(piece, of: pieces)
        where Int(nodes[node].next) == node + 1 {
          body(
            node, Int(nodes[node].start)..<Int(nodes[node].end), points)
        }
      }
    }
  }

  /// Bounds and sums of one leaf.
  private static func gather(
    _ range: Range<Int>, _ points: UnsafePoints, _ dimension: Int,
    bounds: UnsafeMutablePointer<Double>, lanes: Int,
    sums: SufficientStatistics.Row
  ) {
    var weight = 0.0
    for n in range { weight += points.weights[n] }
    var scatter = 0.0
    for d in 0..<dimension {
      let plane = points.coordinates + d * points.stride
      var least = Double.infinity
      var greatest = -Double.infinity
      var sum = 0.0
      for n in range {
        let value = plane[n]
        least = value < least ? value : least
        greatest = value > greatest ? value : greatest
        sum += points.weights[n] * value
      }
      let mean = weight > 0 ? sum / weight : 0
      for n in range {
        let difference = plane[n] - mean
        scatter += points.weights[n] * difference * difference
      }
      bounds[d] = least
      bounds[lanes + d] = greatest
      sums[d] = sum
    }
    sums.weight = weight
    sums.scatter = scatter
  }

  /// Bounds and sums of the other nodes, from their halves, which come later in
  /// the order of nodes.
  private mutating func joinNodes() {
    let (nodes, dimension, lanes) = (nodes, points.dimension, lanes)
    bounds.withUnsafeMutableBufferPointer { bounds in
      sums.withUnsafeMutableBufferPointer { sums in
        let bounds = SharedMemory(bounds).start
        let sums = SharedMemory(sums).start
        for node in nodes.indices.reversed()
        where Int(nodes[node].next) > node + 1 {
          let first = node + 1
          let second = Int(nodes[first].next)
          for d in 0..<dimension {
            bounds[node * 2 * lanes + d] = min(
              bounds[first * 2 * lanes + d], bounds[second * 2 * lanes + d])
            bounds[node * 2 * lanes + lanes + d] = max(
              bounds[first * 2 * lanes + lanes + d],
              bounds[second * 2 * lanes + lanes + d])
          }
          Self.join(
            StatisticsRow(first, of: sums, dimension: dimension),
            StatisticsRow(second, of: sums, dimension: dimension), dimension,
            into: StatisticsRow(node, of: sums, dimension: dimension))
        }
      }
    }
  }

  /// Adds two sums; their scatters, and that of their means about the common
  /// mean.
  private static func join(
    _ first: SufficientStatistics.Row, _ second: SufficientStatistics.Row,
    _ dimension: Int, into sums: SufficientStatistics.Row
  ) {
    let weights = (first.weight, second.weight)
    var scatter = first.scatter + second.scatter
    if weights.0 > 0, weights.1 > 0 {
      let reduced = weights.0 * weights.1 / (weights.0 + weights.1)
      for d in 0..<dimension {
        let difference = first[d] / weights.0 - second[d] / weights.1
        scatter += reduced * difference * difference
      }
    }
    sums.weight = weights.0 + weights.1
    sums.scatter = scatter
    for d in 0..<dimension { sums[d] = first[d] + second[d] }
  }

  /// The radii of balls about the middles of the nodes' boxes.
  private mutating func measureBalls(_ workers: Workers) {
    let (nodes, points, bounds) = (nodes, points, bounds)
    let (dimension, lanes) = (points.dimension, lanes)
    func middle(_ node: Int, _ d: Int) -> Double {
      let box = node * 2 * lanes
      return 0.5 * (bounds[box + d] + bounds[box + lanes + d])
    }
    radii = [Double](repeating: 0, count: nodes.count)
    radii.withUnsafeMutableBufferPointer { radii in
      let radii = SharedMemory(radii)
      bounds.withUnsafeBufferPointer { bounds in
        let bounds = SharedSource(bounds)
        Self.forEachLeaf(of: nodes, points, workers) { node, range, planes in
          radii.start[node] = Self.radius(
            range, planes, dimension, bounds: bounds.buffer, node * 2 * lanes,
            lanes: lanes)
        }
      }
    }
    for node in nodes.indices.reversed()
    where Int(nodes[node].next) > node + 1 {
      // That of the box, or that around the balls of both halves.
      var diagonal = 0.0
      for d in 0..<dimension {
        let half = bounds[node * 2 * lanes + lanes + d] - middle(node, d)
        diagonal += half * half
      }
      let first = node + 1
      var reach = 0.0
      for half in [first, Int(nodes[first].next)] {
        var step = 0.0
        for d in 0..<dimension {
          let difference = middle(half, d) - middle(node, d)
          step += difference * difference
        }
        reach = max(reach, step.squareRoot() + radii[half])
      }
      radii[node] = min(diagonal.squareRoot(), reach)
    }
  }

  /// The distance of the farthest point of a leaf from the middle of its box.
  private static func radius(
    _ range: Range<Int>, _ points: UnsafePoints, _ dimension: Int,
    bounds: UnsafeBufferPointer<Double>, _ box: Int, lanes: Int
  ) -> Double {
    var farthest = SIMD4<Double>.zero
    var n = range.lowerBound
    while n < range.upperBound {
      var squared = SIMD4<Double>.zero
      for d in 0..<dimension {
        let middle = 0.5 * (bounds[box + d] + bounds[box + lanes + d])
        let difference = points.lanes(n, d) - SIMD4(repeating: middle)
        squared += difference * difference
      }
      // Those behind the leaf do not count.
      for lane in 0..<min(4, range.upperBound - n) {
        farthest[lane] = max(farthest[lane], squared[lane])
      }
      n += 4
    }
    return farthest.max().squareRoot()
  }
}
