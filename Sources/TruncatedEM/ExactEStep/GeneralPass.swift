/// The E-step of a general model over a part of a tree, for every C':
/// shares each point among the C' components that cost it least, and adds up
/// what the M-step needs.
///
/// Costs are those of `ComponentCosts`; of components of equal cost the lower
/// number comes first.
///
///     q_n(c) = exp(−cost_c(y_n)) / Σ_{c'∈K_n} exp(−cost_c'(y_n))
///
/// From the root down, components are dropped as `CandidatePath` and `CostOrder`
/// say, so what is found is exactly what is found among all components. Components whose
/// mixing weight is 0 are dropped at once: their cost is infinite and their
/// responsibility 0. Where fewer than C' are left, K_n holds those.
struct GeneralPass<Dimension: PointDimension> {
  private let dimension: Dimension
  private let tree: UnsafeTree
  private let components: UnsafeComponents

  /// Laid out as `SufficientStatistics.values`; added to.
  private let statistics: UnsafeMutablePointer<Double>

  /// C', or the number of live components if that is less.
  private let truncation: Int

  /// The candidates of the nodes above the one at hand.
  private let path: CandidatePath

  private var shares: SharedPoints

  /// Used in many dimensions.
  private let filter: WideFilter?
  private let rows: PointRows

  /// Used where no live component is left out.
  private let dense: DenseShares<Dimension>?

  /// F, Σ w log Σ_{c∈K} exp(−cost), in nats; and where no component is left
  /// out J.
  private(set) var totals = PassSums()

  /// Allocates room for the lists of a path.
  init(
    _ dimension: Dimension, _ tree: UnsafeTree, _ components: UnsafeComponents,
    truncation: Int, into statistics: UnsafeMutablePointer<Double>
  ) {
    self.dimension = dimension
    self.tree = tree
    self.components = components
    self.statistics = statistics
    let count = components.live.count
    self.truncation = min(truncation, count)
    path = CandidatePath(
      truncation: self.truncation, components: components.live,
      depth: tree.depth)
    shares = SharedPoints(truncation: self.truncation, components: count)
    filter = WideFilter(
      dimension, tree, components, truncation: self.truncation,
      vanishing: VectorMath.vanishing)
    rows = PointRows(dimension: dimension.count)
    dense =
      self.truncation == count && count > 1
      ? DenseShares(components, dimension) : nil
  }

  /// Frees the memory.
  func deallocate() {
    path.deallocate()
    shares.deallocate()
    filter?.deallocate()
    rows.deallocate()
    dense?.deallocate()
  }

  /// Shares the points below a node.
  ///
  /// - Complexity: O((nodes × C' + points) × candidates × D) where C' is small,
  ///   O(points × components × D) where it is not.
  mutating func run(_ root: Int) {
    guard let dense else {
      visit(root, 0..<components.live.count, inVain: 0)
      return
    }
    let node = tree.nodes[root]
    dense.add(Int(node.start)..<Int(node.end), of: tree.points)
    totals = dense.finish(into: statistics)
    totals.distances = Int(node.end - node.start) * components.live.count
  }

  /// Shares the points below a node, whose candidates are among those of the node
  /// above, `outer`. The `inVain` nodes above have dropped hardly any component.
  private mutating func visit(
    _ index: Int, _ outer: Range<Int>, inVain: Int
  ) {
    let list = dimension.narrowed(path, outer, to: index, of: tree, components)
    if list != outer { totals.distances += outer.count }
    let node = tree.nodes[index]
    let inVain = path.isInVain(list, of: outer) ? inVain + 1 : 0
    let isHopeless = dimension.isHopeless(
      points: Int(node.end - node.start), candidates: list.count,
      narrowedInVain: inVain)
    if list.count == 1 {
      take(index, Int(path.numbers[list.lowerBound]))
    } else if Int(node.next) > index + 1, !isHopeless {
      visit(index + 1, list, inVain: inVain)
      visit(Int(tree.nodes[index + 1].next), list, inVain: inVain)
    } else {
      evaluate(Int(node.start)..<Int(node.end), list)
    }
  }

  /// Gives all points below a node to one component.
  private mutating func take(_ index: Int, _ component: Int) {
    let (weight, scatter) = tree.give(
      index, to: component, of: components.means, statistics, dimension)
    totals.distances += 1
    guard weight > 0 else { return }
    totals.freeEnergy -=
      weight * components.offsets[component]
      + scatter * components.precisions[component]
  }

  /// Shares a leaf's points among the cheapest candidates.
  @inline(__always)
  private mutating func evaluate(_ range: Range<Int>, _ list: Range<Int>) {
    let candidates = path.buffer(list)
    totals.distances += range.count * list.count
    if let filter, filter.isWorth(candidates) {
      filter.forEachFour(range, candidates) { n, left in
        evaluate(n, range, left)
      }
    } else {
      for n in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
        evaluate(n, range, candidates)
      }
    }
  }

  /// Shares four of a leaf's points.
  @inline(__always)
  private mutating func evaluate(
    _ n: Int, _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>
  ) {
    shares.begin()
    for candidate in candidates {
      shares.take(
        components.costs(of: tree.points, n, Int(candidate), dimension),
        Int64(candidate))
    }
    add(n, lanes: min(WeightedPoints.lanes, range.upperBound - n))
  }

  /// Adds up to four points, with their responsibilities, to the statistics.
  @inline(__always)
  private mutating func add(_ n: Int, lanes: Int) {
    let least = shares.selectNearest()
    var total = SIMD4<Double>.zero
    for i in 0..<truncation {
      let q = VectorMath.exp(least - shares.distances[i])
      shares.responsibilities[i] = q
      total += q
    }
    let weights = UnsafeRawPointer(tree.points.weights + n)
      .loadUnaligned(as: SIMD4<Double>.self)
    let logarithms = VectorMath.log(total) - least
    let scale = weights / total
    if !Dimension.hasKernels { rows.load(tree.points, n) }
    for lane in 0..<lanes {
      totals.freeEnergy += weights[lane] * logarithms[lane]
      for i in 0..<truncation {
        let share = scale[lane] * shares.responsibilities[i][lane]
        if share > 0 {
          add(n, lane, share, to: Int(shares.components[i][lane]))
        }
      }
    }
  }

  /// Adds a share of one of four points to a component.
  @inline(__always)
  private func add(
    _ first: Int, _ lane: Int, _ share: Double, to component: Int
  ) {
    let row = StatisticsRow(
      component, of: statistics, dimension: dimension.count)
    let mean = components.means.values + component * dimension.vectorWidth
    row.weight += share
    guard Dimension.hasKernels else {
      rows.add(share, ofPoint: lane, to: row.sums)
      row.scatter += share * rows.squaredDistance(ofPoint: lane, to: mean)
      return
    }
    var distance = 0.0
    for d in 0..<dimension.count {
      let coordinate = tree.points.coordinate(first + lane, d)
      let difference = coordinate - mean[d]
      distance += difference * difference
      row[d] += share * coordinate
    }
    row.scatter += share * distance
  }
}

extension PointDimension {
  func shareGenerally(
    in tree: UnsafeTree, _ root: Int, to components: UnsafeComponents,
    truncation: Int, into statistics: UnsafeMutablePointer<Double>
  ) -> PassSums {
    var pass = GeneralPass(
      self, tree, components, truncation: truncation, into: statistics)
    defer { pass.deallocate() }
    pass.run(root)
    return pass.totals
  }
}
