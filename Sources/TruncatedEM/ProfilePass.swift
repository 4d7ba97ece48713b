/// Finds the nearest and the second nearest component of each point below a
/// node, and adds up what `ComponentProfile` tells.
struct ProfilePass<Dimension: FixedDimension> {
  private let tree: UnsafeTree
  private let means: UnsafeMeans
  private let rows: UnsafeMutablePointer<Double>
  private let candidates: CandidateList<Dimension>

  /// Adds the points below a node to `rows`, each a `ProfileRow`.
  ///
  /// - Complexity: That of a soft E-step with C' = 2.
  static func run(
    _ tree: UnsafeTree, below node: Int, _ means: UnsafeMeans,
    into rows: UnsafeMutablePointer<Double>
  ) {
    let pass = ProfilePass(
      tree: tree, means: means, rows: rows,
      candidates: CandidateList(
        means, truncation: min(2, means.count), depth: tree.depth))
    defer { pass.candidates.deallocate() }
    pass.visit(node, pass.candidates.all)
  }

  private func visit(_ index: Int, _ outer: Range<Int>) {
    let (low, high) = tree.bounds(index, as: Dimension.Vector.self)
    let list = candidates.narrowed(outer, low: low, high: high)
    let node = tree.nodes[index]
    if Int(node.next) == index + 1 {
      evaluate(Int(node.start)..<Int(node.end), list)
    } else {
      visit(index + 1, list)
      visit(Int(tree.nodes[index + 1].next), list)
    }
  }

  @inline(__always)
  private func evaluate(_ range: Range<Int>, _ list: Range<Int>) {
    var n = range.lowerBound
    while n < range.upperBound {
      var first = SIMD4<Double>(repeating: .infinity)
      var second = first
      var nearest = SIMD4<Int64>.zero
      for place in list {
        let mean = candidates.mean(place)
        var distance = SIMD4<Double>.zero
        for d in 0..<Dimension.count {
          let difference = tree.points.lanes(n, d) - SIMD4(repeating: mean[d])
          distance += difference * difference
        }
        let closest = distance .< first
        second.replace(with: distance, where: distance .< second)
        second.replace(with: first, where: closest)
        nearest.replace(
          with: SIMD4(repeating: Int64(candidates[place])), where: closest)
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
    in tree: UnsafeTree, below node: Int, _ means: UnsafeMeans,
    into rows: UnsafeMutablePointer<Double>
  ) {
    ProfilePass<Self>.run(tree, below: node, means, into: rows)
  }
}
