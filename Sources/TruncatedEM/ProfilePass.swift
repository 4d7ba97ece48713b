/// Finds the nearest and the second nearest component of each point below a
/// node, and adds up what `ComponentProfile` tells.
struct ProfilePass<Dimension: FixedDimension> {
  let tree: UnsafeTree
  let means: UnsafeMeans

  /// Each a `ProfileRow`; added to.
  let rows: UnsafeMutablePointer<Double>

  /// Adds the points of all leaves.
  ///
  /// - Complexity: O(points × candidates × D).
  func run(_ lists: UnsafeLists) {
    for leaf in lists.leaves {
      let node = tree.nodes[Int(leaf)]
      evaluate(Int(node.start)..<Int(node.end), lists[Int(leaf)])
    }
  }

  @inline(__always)
  private func evaluate(
    _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>
  ) {
    var n = range.lowerBound
    while n < range.upperBound {
      var first = SIMD4<Double>(repeating: .infinity)
      var second = first
      var nearest = SIMD4<Int64>.zero
      for candidate in candidates {
        let distance: SIMD4<Double> = means.squaredDistances(
          of: tree.points, n, to: Int(candidate), Dimension.self)
        let closest = distance .< first
        second.replace(with: distance, where: distance .< second)
        second.replace(with: first, where: closest)
        nearest.replace(
          with: SIMD4(repeating: Int64(candidate)), where: closest)
        first.replace(with: distance, where: closest)
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      for lane in 0..<lanes {
        add(
          n + lane, to: Int(nearest[lane]), extra: second[lane] - first[lane])
      }
      n += lanes
    }
  }

  @inline(__always)
  private func add(_ n: Int, to component: Int, extra: Double) {
    let weight = tree.points.weights[n]
    let mean = means.mean(component, as: Dimension.Vector.self)
    let row = rows + component * ProfileRow.width(Dimension.count)
    row[0] += weight
    row[1] += weight * extra
    var place = 2
    for i in 0..<Dimension.count {
      let along = weight * (tree.points.coordinate(n, i) - mean[i])
      for j in i..<Dimension.count {
        row[place] += along * (tree.points.coordinate(n, j) - mean[j])
        place += 1
      }
    }
  }
}

extension FixedDimension {
  static func profile(
    in tree: UnsafeTree, _ lists: UnsafeLists, _ means: UnsafeMeans,
    into rows: UnsafeMutablePointer<Double>
  ) {
    ProfilePass<Self>(tree: tree, means: means, rows: rows).run(lists)
  }
}
