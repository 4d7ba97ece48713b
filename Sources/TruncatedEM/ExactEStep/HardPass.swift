/// The E-step of C' = 1 over a part of a tree: gives each point wholly to its
/// nearest component, and adds up what the M-step needs.
///
/// Of components at the same distance the one with the lower number is the
/// nearest. A leaf with one candidate is added in one step; elsewhere distances
/// are computed, in double precision. With whole coordinates and weights the
/// sums are exact either way.
struct HardPass<Dimension: PointDimension> {
  let dimension: Dimension
  let tree: UnsafeTree
  let means: UnsafeMeans
  let outputs: PassOutputs
  var sums = PassSums()

  /// Assigns the points of all leaves.
  ///
  /// - Complexity: O(points × candidates × D).
  mutating func run(_ lists: UnsafeLists) {
    let kernel = NearestKernel(
      dimension: dimension, points: tree.points, means: means, outputs: outputs)
    let filter = WideFilter(dimension, tree, means, truncation: 1)
    defer { filter?.deallocate() }
    lists.forEachRun(of: tree) { leaves, range, candidates in
      if candidates.count == 1 {
        for leaf in leaves { take(Int(leaf), Int(candidates[0])) }
        sums.distances += leaves.count
        return
      }
      sums.distances += range.count * candidates.count
      if let filter, filter.isWorth(candidates) {
        sums.inertia += filter.assign(
          range, among: candidates, of: means, lanes: dimension.vectorWidth,
          into: outputs)
      } else {
        sums.inertia += kernel.assign(range, among: candidates)
      }
    }
  }

  /// Gives a whole leaf to a component.
  @inline(__always)
  private mutating func take(_ index: Int, _ component: Int) {
    sums.inertia +=
      tree.give(index, to: component, of: means, outputs.statistics, dimension)
      .scatter
    if let nearest = outputs.nearest {
      let node = tree.nodes[index]
      for n in Int(node.start)..<Int(node.end) {
        nearest[n] = UInt16(truncatingIfNeeded: component)
      }
    }
  }
}

extension PointDimension {
  func assignNearest(
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> PassSums {
    var pass = HardPass(
      dimension: self, tree: tree, means: means, outputs: outputs)
    pass.run(lists)
    return pass.sums
  }
}
