internal import CKernels

/// The E-step of C' > 1 over a part of a tree: shares each point among its C'
/// nearest components, and adds up what the M-step needs.
///
///     q_n(c) = exp(-|y_n-μ_c|²/2σ²) / Σ_{c'∈K_n} exp(-|y_n-μ_c'|²/2σ²)
///
/// The exponents are taken relative to the nearest component's, so nothing
/// overflows and the sum is at least 1 however small σ² is. K_n holds the lower
/// numbers of components that are equally far.
struct SoftPass<Dimension: PointDimension> {
  let dimension: Dimension
  let tree: UnsafeTree
  let means: UnsafeMeans
  let outputs: PassOutputs

  /// C', at least 1.
  let truncation: Int

  /// 1/2σ².
  let precision: Double

  var sums = PassSums()

  /// Beyond this C' there is no kernel.
  private static var mostInKernel: Int { 8 }

  /// Shares the points of all leaves.
  ///
  /// - Complexity: O(points × (candidates × D + C')).
  mutating func run(_ lists: UnsafeLists) {
    if Dimension.hasKernels, InstructionSet.hasKernels,
      truncation <= Self.mostInKernel
    {
      runInKernel(lists)
      return
    }
    var shares = SharedPoints(truncation: truncation, components: means.count)
    let rows = PointRows(dimension: dimension.count)
    defer {
      shares.deallocate()
      rows.deallocate()
    }
    // What differs by more has no share in double precision.
    let filter = WideFilter(
      dimension, tree, means, truncation: truncation,
      vanishing: VectorMath.vanishing / precision)
    defer { filter?.deallocate() }
    lists.forEachRun(of: tree) { _, range, candidates in
      sums.distances += range.count * candidates.count
      if let filter, filter.isWorth(candidates) {
        filter.forEachFour(range, candidates) { n, left in
          evaluate(n, range, left, &shares, rows)
        }
      } else {
        for n in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
          evaluate(n, range, candidates, &shares, rows)
        }
      }
    }
  }

  /// The same in C, four points in one register.
  private mutating func runInKernel(_ lists: UnsafeLists) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { totals in
      totals.initialize(repeating: 0)
      for leaf in lists.leaves {
        let node = tree.nodes[Int(leaf)]
        let candidates = lists[Int(leaf)]
        sums.distances += Int(node.end - node.start) * candidates.count
        qk_share_softly(
          tree.points.coordinates, tree.points.stride, tree.points.weights,
          Int(node.start), Int(node.end), candidates.baseAddress,
          candidates.count, means.values, dimension.vectorWidth,
          dimension.count, truncation, precision, outputs.statistics,
          totals.baseAddress)
      }
      sums.freeEnergy += totals[0]
      sums.inertia += totals[1]
    }
  }

  /// Shares four of a leaf's points among the nearest candidates.
  @inline(__always)
  private mutating func evaluate(
    _ n: Int, _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>,
    _ shares: inout SharedPoints, _ rows: PointRows
  ) {
    shares.begin()
    for candidate in candidates {
      let distance: SIMD4<Double> = means.squaredDistances(
        of: tree.points, n, to: Int(candidate), dimension)
      shares.take(distance, Int64(candidate))
    }
    add(
      n, lanes: min(WeightedPoints.lanes, range.upperBound - n), &shares, rows)
  }

  /// Adds up to four points, with their responsibilities, to the statistics.
  @inline(__always)
  private mutating func add(
    _ n: Int, lanes: Int, _ shares: inout SharedPoints, _ rows: PointRows
  ) {
    rows.load(tree.points, n)
    let nearest = shares.selectNearest()
    var total = SIMD4<Double>.zero
    for i in 0..<truncation {
      let q = VectorMath.exp((nearest - shares.distances[i]) * precision)
      shares.responsibilities[i] = q
      total += q
    }
    let weights = UnsafeRawPointer(tree.points.weights + n)
      .loadUnaligned(as: SIMD4<Double>.self)
    let logarithms = VectorMath.log(total) - nearest * precision
    let scale = weights / total
    for lane in 0..<lanes {
      sums.freeEnergy += weights[lane] * logarithms[lane]
      sums.inertia += weights[lane] * nearest[lane]
      for i in 0..<truncation {
        let share = scale[lane] * shares.responsibilities[i][lane]
        guard share > 0 else { continue }
        let row = StatisticsRow(
          Int(shares.components[i][lane]), of: outputs.statistics,
          dimension: dimension.count)
        row.weight += share
        row.scatter += share * shares.distances[i][lane]
        rows.add(share, ofPoint: lane, to: row.sums)
      }
    }
  }
}

extension PointDimension {
  func assignSoftly(
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    truncation: Int, precision: Double, into outputs: PassOutputs
  ) -> PassSums {
    var pass = SoftPass(
      dimension: self, tree: tree, means: means, outputs: outputs,
      truncation: truncation,
      precision: precision)
    pass.run(lists)
    return pass.sums
  }
}
