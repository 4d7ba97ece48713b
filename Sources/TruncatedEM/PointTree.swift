/// Points in a hierarchy of boxes, with the sums of each box: what makes exact
/// E-steps cheap.
///
/// The points are in the order of a Z-order curve, and a node is a range of
/// them that agree in the first bits of their keys, cut in two at the first bit
/// in which they differ, down to a few points. Each node keeps the bounds of its
/// points, their weight, sum and scatter, so that a whole node can be given to
/// a component in one step. (The filtering of candidates from the root down is
/// that of T. Kanungo et al., "An efficient k-means clustering algorithm:
/// analysis and implementation", TPAMI 24(7), 2002, doi
/// 10.1109/TPAMI.2002.1017616; docs/guides/box-pruning.md.)
///
/// Making a tree costs about as much as one E-step without it, so one tree
/// should serve every fit of the same points.
public struct PointTree: Sendable {
  /// A range of points and the part of the tree below it.
  struct Node: Sendable {
    /// The first point.
    let start: Int32

    /// One past the last point.
    let end: Int32

    /// One past the last node below this one; the first is the next node.
    let next: Int32
  }

  /// Nodes of at most this many points are not cut further: cutting costs more
  /// than it saves.
  static let mostPointsInLeaf = 32

  /// The points in the order of the tree.
  public let points: WeightedPoints

  /// For each point of the tree its number before, or `nil` when the points
  /// came in the order of the tree.
  public let order: [Int]?

  /// The nodes in depth-first order: a node, the part below its first half, the
  /// part below its second half. The first is the root.
  let nodes: [Node]

  /// The bounds of each node, two vectors of `vectorWidth` numbers: the least
  /// coordinates, then the greatest; 0 beyond the dimension.
  let bounds: [Double]

  /// The sums of each node, `dimension + 2` numbers: weight, scatter about the
  /// mean, and the weighted sum of each coordinate.
  let sums: [Double]

  /// The longest path from the root to a leaf, in nodes.
  let depth: Int

  /// The keys of the points, in the order of the tree.
  let keys: SpatialKeys

  /// Makes the tree of some points.
  ///
  /// - Parameter points: The points; if they are in the order of their keys
  ///   already, as those of a colour histogram are, sorting is spared.
  /// - Complexity: O(points × (dimension + log points)).
  public init(_ points: WeightedPoints) {
    var keys = SpatialKeys(points)
    if keys.areSorted {
      order = nil
      self.points = points
    } else {
      let order = keys.order
      self.order = order
      self.points = points.reordered(order)
      keys = keys.reordered(order)
    }
    self.keys = keys
    var builder = Builder(points: self.points, keys: keys.keys)
    builder.build()
    nodes = builder.nodes
    bounds = builder.bounds
    sums = builder.sums
    depth = builder.depth
  }

  /// D.
  var dimension: Int { points.dimension }

  /// The numbers in a vector that holds a point: `FixedDimension.Vector`.
  static func vectorWidth(_ dimension: Int) -> Int { dimension <= 4 ? 4 : 8 }
}

extension PointTree {
  private struct Builder {
    let points: WeightedPoints
    let keys: [UInt64]
    let lanes: Int
    var nodes: [Node] = []
    var bounds: [Double] = []
    var sums: [Double] = []
    var depth = 0

    init(points: WeightedPoints, keys: [UInt64]) {
      self.points = points
      self.keys = keys
      lanes = PointTree.vectorWidth(points.dimension)
    }

    mutating func build() {
      let expected = 4 * points.count / PointTree.mostPointsInLeaf + 1
      nodes.reserveCapacity(expected)
      bounds.reserveCapacity(expected * 2 * lanes)
      sums.reserveCapacity(expected * (points.dimension + 2))
      add(0..<points.count, depth: 1)
    }

    private mutating func add(_ range: Range<Int>, depth: Int) {
      self.depth = max(self.depth, depth)
      let node = nodes.count
      let dimension = points.dimension
      nodes.append(Node(start: 0, end: 0, next: 0))
      for _ in 0..<2 * lanes { bounds.append(0) }
      for _ in 0..<dimension + 2 { sums.append(0) }
      if range.count <= PointTree.mostPointsInLeaf {
        gather(range, into: node)
      } else {
        let middle = cut(range)
        let first = nodes.count
        add(range.lowerBound..<middle, depth: depth + 1)
        let second = nodes.count
        add(middle..<range.upperBound, depth: depth + 1)
        join(first, second, into: node)
      }
      nodes[node] = Node(
        start: Int32(range.lowerBound), end: Int32(range.upperBound),
        next: Int32(nodes.count))
    }

    /// The first point whose key has the highest bit in which the keys differ;
    /// the middle where all are equal.
    private func cut(_ range: Range<Int>) -> Int {
      let first = keys[range.lowerBound]
      let last = keys[range.upperBound - 1]
      guard first != last else {
        return (range.lowerBound + range.upperBound) / 2
      }
      let bit = UInt64(1) << UInt64(63 - (first ^ last).leadingZeroBitCount)
      var low = range.lowerBound
      var high = range.upperBound - 1
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] & bit != 0 { high = middle } else { low = middle + 1 }
      }
      return low
    }

    /// Bounds and sums of a leaf, from its points.
    private mutating func gather(_ range: Range<Int>, into node: Int) {
      let dimension = points.dimension
      let width = dimension + 2
      var weight = 0.0
      for n in range { weight += points.weights[n] }
      var scatter = 0.0
      for d in 0..<dimension {
        let plane = d * points.stride
        var least = Double.infinity
        var greatest = -Double.infinity
        var sum = 0.0
        for n in range {
          let value = points.coordinates[plane + n]
          least = min(least, value)
          greatest = max(greatest, value)
          sum += points.weights[n] * value
        }
        let mean = weight > 0 ? sum / weight : 0
        for n in range {
          let difference = points.coordinates[plane + n] - mean
          scatter += points.weights[n] * difference * difference
        }
        bounds[node * 2 * lanes + d] = least
        bounds[node * 2 * lanes + lanes + d] = greatest
        sums[node * width + 2 + d] = sum
      }
      sums[node * width] = weight
      sums[node * width + 1] = scatter
    }

    /// Bounds and sums of a node, from its halves: their scatters, and that of
    /// their means about the common mean.
    private mutating func join(_ first: Int, _ second: Int, into node: Int) {
      let dimension = points.dimension
      let width = dimension + 2
      for d in 0..<dimension {
        bounds[node * 2 * lanes + d] = min(
          bounds[first * 2 * lanes + d], bounds[second * 2 * lanes + d])
        bounds[node * 2 * lanes + lanes + d] = max(
          bounds[first * 2 * lanes + lanes + d],
          bounds[second * 2 * lanes + lanes + d])
      }
      let weights = (sums[first * width], sums[second * width])
      var scatter = sums[first * width + 1] + sums[second * width + 1]
      if weights.0 > 0, weights.1 > 0 {
        let reduced = weights.0 * weights.1 / (weights.0 + weights.1)
        for d in 0..<dimension {
          let difference =
            sums[first * width + 2 + d] / weights.0
            - sums[second * width + 2 + d] / weights.1
          scatter += reduced * difference * difference
        }
      }
      sums[node * width] = weights.0 + weights.1
      sums[node * width + 1] = scatter
      for d in 0..<dimension {
        sums[node * width + 2 + d] =
          sums[first * width + 2 + d] + sums[second * width + 2 + d]
      }
    }
  }
}

extension SpatialKeys {
  /// The keys of the points in another order.
  func reordered(_ order: [Int]) -> SpatialKeys {
    SpatialKeys(
      keys: order.map { keys[$0] }, bits: bits, dimension: dimension)
  }
}

extension WeightedPoints {
  /// The same points in another order.
  func reordered(_ order: [Int]) -> WeightedPoints {
    var planes = [Double](repeating: 0, count: stride * dimension)
    for d in 0..<dimension {
      for (n, old) in order.enumerated() {
        planes[d * stride + n] = coordinates[d * stride + old]
      }
    }
    let padding = [Double](repeating: 0, count: stride - count)
    return WeightedPoints(
      count: count, planes: planes, totalWeight: totalWeight,
      weights: order.map { weights[$0] } + padding)
  }
}
