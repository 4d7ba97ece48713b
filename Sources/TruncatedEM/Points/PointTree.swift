package import ParallelWork

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

  /// The radius of a ball about the middle of each node's bounds that has all its
  /// points; empty up to ``WeightedPoints/fastDimension`` dimensions, where the
  /// bounds say more.
  let radii: [Double]

  /// The sums of each node, a `StatisticsRow`; the scatter is that about the
  /// mean of the node.
  let sums: [Double]

  /// The longest path from the root to a leaf, in nodes.
  let depth: Int

  /// The keys of the points, in the order of the tree.
  let keys: SpatialKeys

  /// Makes the tree of some points.
  ///
  /// - Parameters:
  ///   - points: The points; if they are in the order of their keys already,
  ///     sorting is spared.
  ///   - threads: The most threads to use; the tree does not depend on them.
  /// - Complexity: O(points × (dimension + log points)).
  public init(_ points: WeightedPoints, threads: Int = 1) {
    let keys = SpatialKeys(points)
    let workers = Workers(threads: threads)
    if keys.areSorted {
      self.init(sorted: points, order: nil, keys, workers)
    } else {
      let order = keys.order
      self.init(
        sorted: points.reordered(order), order: order,
        keys.reordered(order), workers)
    }
  }

  /// Makes the tree of points that come sorted, with keys that are known.
  ///
  /// - Parameters:
  ///   - points: The points.
  ///   - keys: A key for each, ascending; points whose keys agree in their first
  ///     bits should be near each other.
  ///   - workers: The threads to use.
  package init(
    sorted points: WeightedPoints, keys: [UInt64], workers: Workers
  ) {
    precondition(keys.count == points.count)
    self.init(sorted: points, order: nil, SpatialKeys(keys: keys), workers)
  }

  private init(
    sorted points: WeightedPoints, order: [Int]?, _ keys: SpatialKeys,
    _ workers: Workers
  ) {
    self.points = points
    self.order = order
    self.keys = keys
    var builder = TreeBuilder(points: points, keys: keys.keys)
    builder.build(workers)
    nodes = builder.nodes
    bounds = builder.bounds
    radii = builder.radii
    sums = builder.sums
    depth = builder.depth
  }

  /// D.
  var dimension: Int { points.dimension }

  /// What belongs to the points in the order that they were given in.
  ///
  /// - Parameter values: One for each point of the tree.
  /// - Returns: One for each point that the tree was made of.
  /// - Complexity: O(points).
  func inGivenOrder<Value>(_ values: [Value]) -> [Value] {
    guard let order else { return values }
    var result = values
    for (n, old) in order.enumerated() { result[old] = values[n] }
    return result
  }

  /// The numbers in a vector that holds a point: those of
  /// `FixedDimension.Vector`, or the dimension where that is unlimited.
  static func vectorWidth(_ dimension: Int) -> Int {
    dimension <= 4 ? 4 : max(8, dimension)
  }
}

extension SpatialKeys {
  /// The keys of the points in another order.
  func reordered(_ order: [Int]) -> SpatialKeys {
    SpatialKeys(keys: order.map { keys[$0] })
  }
}

extension WeightedPoints {
  /// The same points in another order.
  ///
  /// - Parameter order: The number that each point has here; all of them.
  /// - Returns: The points in that order.
  /// - Complexity: O(points × dimension).
  func reordered(_ order: [Int]) -> WeightedPoints {
    precondition(order.count == count)
    var planes = [Double](repeating: 0, count: stride * dimension)
    var weights = [Double](repeating: 0, count: stride)
    withUnsafePoints { points in
      planes.withUnsafeMutableBufferPointer { planes in
        for d in 0..<dimension {
          for (n, old) in order.enumerated() {
            planes[d * stride + n] = points.coordinate(old, d)
          }
        }
      }
      weights.withUnsafeMutableBufferPointer { weights in
        for (n, old) in order.enumerated() { weights[n] = points.weights[old] }
      }
    }
    return WeightedPoints(
      count: count, dimension: dimension, planes: planes,
      totalWeight: totalWeight, weights: weights)
  }
}
