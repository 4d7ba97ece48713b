/// The E-step of C' = 1 over a part of a tree: gives each point wholly to its
/// nearest component, and adds up what the M-step needs.
///
/// Of components at the same distance the one with the lower number is the
/// nearest. A leaf with one candidate is added in one step; elsewhere distances
/// are computed, in double precision. With whole coordinates and weights the
/// sums are exact either way.
struct HardPass<Dimension: FixedDimension> {
  let tree: UnsafeTree
  let means: UnsafeMeans
  let outputs: PassOutputs
  var sums = PassSums()

  /// Assigns the points of all leaves.
  ///
  /// - Complexity: O(points × candidates × D).
  mutating func run(_ lists: UnsafeLists) {
    for leaf in lists.leaves {
      let candidates = lists[Int(leaf)]
      if candidates.count == 1 {
        take(Int(leaf), Int(candidates[0]))
      } else {
        let node = tree.nodes[Int(leaf)]
        evaluate(Int(node.start)..<Int(node.end), candidates)
      }
    }
  }

  /// Gives a whole leaf to a component.
  @inline(__always)
  private mutating func take(_ index: Int, _ component: Int) {
    let mean = means.mean(component, as: Dimension.Vector.self)
    let width = Dimension.count + 2
    let source = tree.sums + index * width
    let row = outputs.statistics + component * width
    let weight = source[0]
    if weight > 0 {
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
    }
    if let nearest = outputs.nearest {
      let node = tree.nodes[index]
      for n in Int(node.start)..<Int(node.end) {
        nearest[n] = UInt16(truncatingIfNeeded: component)
      }
    }
  }

  /// Computes the distances of a leaf's points to the candidates.
  @inline(__always)
  private mutating func evaluate(
    _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>
  ) {
    let width = Dimension.count + 2
    let points = tree.points
    var n = range.lowerBound
    while n < range.upperBound {
      var least = SIMD4<Double>(repeating: .infinity)
      var component = SIMD4<Int64>.zero
      for candidate in candidates {
        let distance: SIMD4<Double> = means.squaredDistances(
          of: points, n, to: Int(candidate), Dimension.self)
        let closer = distance .< least
        least.replace(with: distance, where: closer)
        component.replace(
          with: SIMD4(repeating: Int64(candidate)), where: closer)
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
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> PassSums {
    var pass = HardPass<Self>(tree: tree, means: means, outputs: outputs)
    pass.run(lists)
    return pass.sums
  }
}
