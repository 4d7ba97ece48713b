/// The E-step of C' = 1 over a part of a tree: gives each point wholly to its
/// nearest component, and adds up what the M-step needs.
///
/// Of components at the same distance the one with the lower number is the
/// nearest. Where a node has one candidate left, its sums are added in one
/// step; elsewhere distances are computed, in double precision, and with whole
/// coordinates and weights the sums are exact either way.
struct HardPass<Dimension: FixedDimension> {
  private let tree: UnsafeTree
  private let outputs: PassOutputs
  private let candidates: CandidateList<Dimension>
  private var sums = PassSums()

  private init(
    _ tree: UnsafeTree, _ means: UnsafeMeans, _ outputs: PassOutputs
  ) {
    self.tree = tree
    self.outputs = outputs
    candidates = CandidateList(means, truncation: 1, depth: tree.depth)
  }

  /// Assigns the points below a node.
  ///
  /// - Complexity: O(points × components × D) at worst; where boxes are small
  ///   against the distances of the means, nearly independent of components.
  static func run(
    _ tree: UnsafeTree, below node: Int, _ means: UnsafeMeans,
    _ outputs: PassOutputs
  ) -> PassSums {
    var pass = HardPass(tree, means, outputs)
    defer { pass.candidates.deallocate() }
    pass.visit(node, pass.candidates.all)
    return pass.sums
  }

  private mutating func visit(_ index: Int, _ outer: Range<Int>) {
    let (low, high) = tree.bounds(index, as: Dimension.Vector.self)
    let list = candidates.narrowed(outer, low: low, high: high)
    let node = tree.nodes[index]
    if list.count == 1 {
      take(
        index, node, candidates[list.lowerBound],
        candidates.mean(list.lowerBound))
    } else if Int(node.next) == index + 1 {
      evaluate(Int(node.start)..<Int(node.end), list)
    } else {
      visit(index + 1, list)
      visit(Int(tree.nodes[index + 1].next), list)
    }
  }

  /// Gives a whole node to a component.
  @inline(__always)
  private mutating func take(
    _ index: Int, _ node: PointTree.Node, _ component: Int,
    _ mean: Dimension.Vector
  ) {
    let width = Dimension.count + 2
    let source = tree.sums + index * width
    let row = outputs.statistics + component * width
    let weight = source[0]
    guard weight > 0 else { return }
    var step = 0.0
    for d in 0..<Dimension.count {
      let difference = source[2 + d] / weight - mean[d]
      step += difference * difference
      row[2 + d] += source[2 + d]
    }
    let scatter = source[1] + weight * step
    row[0] += weight
    row[1] += scatter
    sums.inertia += scatter
    if let nearest = outputs.nearest {
      for n in Int(node.start)..<Int(node.end) {
        nearest[n] = UInt16(truncatingIfNeeded: component)
      }
    }
  }

  /// Computes the distances of a leaf's points to the candidates.
  @inline(__always)
  private mutating func evaluate(_ range: Range<Int>, _ list: Range<Int>) {
    let width = Dimension.count + 2
    let points = tree.points
    var n = range.lowerBound
    while n < range.upperBound {
      var least = SIMD4<Double>(repeating: .infinity)
      var component = SIMD4<Int64>.zero
      for place in list {
        let mean = candidates.mean(place)
        var distance = SIMD4<Double>.zero
        for d in 0..<Dimension.count {
          let difference = points.lanes(n, d) - SIMD4(repeating: mean[d])
          distance += difference * difference
        }
        let closer = distance .< least
        least.replace(with: distance, where: closer)
        component.replace(
          with: SIMD4(repeating: Int64(candidates[place])), where: closer)
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      for lane in 0..<lanes {
        let c = Int(component[lane])
        let weight = points.weights[n + lane]
        let scatter = weight * least[lane]
        let row = outputs.statistics + c * width
        row[0] += weight
        row[1] += scatter
        for d in 0..<Dimension.count {
          row[2 + d] += weight * points.coordinate(n + lane, d)
        }
        sums.inertia += scatter
        outputs.nearest?[n + lane] = UInt16(truncatingIfNeeded: c)
      }
      n += lanes
    }
  }
}

extension FixedDimension {
  static func assignNearest(
    in tree: UnsafeTree, below node: Int, to means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> PassSums {
    HardPass<Self>.run(tree, below: node, means, outputs)
  }
}
