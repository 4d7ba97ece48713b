/// The means of a model in a hierarchy of boxes, to find those nearest to a
/// place.
///
/// Which means share a box is decided once, along a Z-order curve; when the
/// means move, the boxes are fitted to them again. What is found never depends
/// on that, only how long it takes, so the hierarchy is made anew when its
/// boxes have become too large.
struct MeansTree: Sendable {
  /// A range of places and the part of the tree below it.
  struct Node: Sendable {
    /// The first place.
    let start: Int32

    /// One past the last place.
    let end: Int32

    /// The node of the second half; the first half's is the next node. 0 where
    /// the node is not cut further.
    var second: Int32
  }

  /// Nodes of at most this many means are not cut further.
  static let mostMeansInLeaf = 8

  /// Sides of the leaves that grow by more than this factor, all together, make
  /// it worth to build the tree again.
  private static let mostGrowth = 1.5

  private let lanes: Int

  /// The sum of the leaves' sides when the tree was built.
  private let extent: Double

  /// Depth first, as those of a `PointTree`; the first is the root.
  private let nodes: [Node]

  /// The component at each place.
  let numbers: [Int32]

  /// The nodes that are not cut further, in order.
  let leaves: [Int]

  /// The mean at each place, `PointTree.vectorWidth` numbers, 0 beyond the
  /// dimension.
  private var means: [Double]

  /// As those of a `PointTree`.
  private var bounds: [Double]

  /// Makes the tree of a model's means.
  ///
  /// - Complexity: O(components × (D + log components)).
  init(_ model: MixtureModel) {
    let keys = Self.keys(of: model)
    let order = keys.order
    let sorted = order.map { keys.keys[$0] }
    lanes = PointTree.vectorWidth(model.dimension)
    numbers = order.map { Int32(truncatingIfNeeded: $0) }
    var nodes: [Node] = []
    Self.add(0..<sorted.count, of: sorted, to: &nodes)
    self.nodes = nodes
    leaves = nodes.indices.filter { nodes[$0].second == 0 }
    means = [Double](repeating: 0, count: lanes * numbers.count)
    bounds = [Double](repeating: 0, count: 2 * lanes * nodes.count)
    (means, bounds, extent) = Self.fitted(
      nodes, numbers, to: model, means, bounds)
  }

  /// Follows means that have moved.
  ///
  /// - Complexity: O(components × D); where they moved far, that of a new tree.
  mutating func follow(_ model: MixtureModel) {
    var grown: Double
    (means, bounds, grown) = Self.fitted(
      nodes, numbers, to: model, means, bounds)
    if grown > Self.mostGrowth * extent { self = MeansTree(model) }
  }

  /// Calls `body` with the tree's storage.
  func withUnsafeMeansTree<Result>(
    _ body: (UnsafeMeansTree) -> Result
  ) -> Result {
    nodes.withUnsafeBufferPointer { nodes in
      numbers.withUnsafeBufferPointer { numbers in
        means.withUnsafeBufferPointer { means in
          bounds.withUnsafeBufferPointer { bounds in
            guard let nodes = nodes.baseAddress,
              let numbers = numbers.baseAddress,
              let means = means.baseAddress, let bounds = bounds.baseAddress
            else { preconditionFailure("models are never empty") }
            return body(
              UnsafeMeansTree(
                nodes: nodes, numbers: numbers, means: means, bounds: bounds))
          }
        }
      }
    }
  }

  private static func keys(of model: MixtureModel) -> SpatialKeys {
    let (count, dimension) = (model.components, model.dimension)
    let stride = WeightedPoints.padded(count)
    var planes = [Double](repeating: 0, count: stride * dimension)
    for c in 0..<count {
      for d in 0..<dimension {
        planes[d * stride + c] = model.means[c * dimension + d]
      }
    }
    return SpatialKeys(
      WeightedPoints(
        count: count, dimension: dimension, planes: planes,
        totalWeight: Double(count),
        weights: [Double](repeating: 1, count: stride)))
  }

  /// Adds the nodes of a range of sorted keys, cut where their highest
  /// differing bit changes.
  private static func add(
    _ range: Range<Int>, of keys: [UInt64], to nodes: inout [Node]
  ) {
    let node = nodes.count
    nodes.append(
      Node(
        start: Int32(truncatingIfNeeded: range.lowerBound),
        end: Int32(truncatingIfNeeded: range.upperBound), second: 0))
    guard range.count > mostMeansInLeaf else { return }
    let differing = keys[range.lowerBound] ^ keys[range.upperBound - 1]
    var middle = (range.lowerBound + range.upperBound) / 2
    if differing != 0 {
      let bit = UInt64(1) << UInt64(63 - differing.leadingZeroBitCount)
      var (low, high) = (range.lowerBound, range.upperBound - 1)
      while low < high {
        let place = (low + high) / 2
        if keys[place] & bit != 0 { high = place } else { low = place + 1 }
      }
      middle = low
    }
    add(range.lowerBound..<middle, of: keys, to: &nodes)
    nodes[node].second = Int32(truncatingIfNeeded: nodes.count)
    add(middle..<range.upperBound, of: keys, to: &nodes)
  }

  /// The means in the order of the tree, the boxes around them, and the sum of
  /// the leaves' sides; written into the storage that is given.
  private static func fitted(
    _ nodes: [Node], _ numbers: [Int32], to model: MixtureModel,
    _ oldMeans: consuming [Double], _ oldBounds: consuming [Double]
  ) -> (means: [Double], bounds: [Double], extent: Double) {
    var (means, bounds) = (oldMeans, oldBounds)
    let dimension = model.dimension
    let lanes = PointTree.vectorWidth(dimension)
    for (place, c) in numbers.enumerated() {
      for d in 0..<dimension {
        means[place * lanes + d] = model.means[Int(c) * dimension + d]
      }
    }
    var extent = 0.0
    // Children come after their parents.
    for (i, node) in nodes.enumerated().reversed() {
      let box = i * 2 * lanes
      for d in 0..<dimension {
        var low = Double.infinity
        var high = -Double.infinity
        if node.second == 0 {
          for place in Int(node.start)..<Int(node.end) {
            low = min(low, means[place * lanes + d])
            high = max(high, means[place * lanes + d])
          }
          extent += high - low
        } else {
          for half in [i + 1, Int(node.second)] {
            low = min(low, bounds[half * 2 * lanes + d])
            high = max(high, bounds[half * 2 * lanes + lanes + d])
          }
        }
        bounds[box + d] = low
        bounds[box + lanes + d] = high
      }
    }
    return (means, bounds, extent)
  }
}
