/// The E-step of a general model over a part of a tree, for every C':
/// shares each point among the C' components that cost it least, and adds up
/// what the M-step needs.
///
/// Costs are those of `ComponentCosts`; of components of equal cost the lower
/// number comes first.
///
///     q_n(c) = exp(−cost_c(y_n)) / Σ_{c'∈K_n} exp(−cost_c'(y_n))
///
/// From the root down, a component is dropped below a node when each of C'
/// others, the pivots, costs every point of the node's box less, so what is
/// found is exactly what is found among all components. Components whose
/// mixing weight is 0 are dropped at once: their cost is infinite and their
/// responsibility 0. Where fewer than C' are left, K_n holds those.
struct GeneralPass<Dimension: FixedDimension> {
  typealias Vector = Dimension.Vector

  private let tree: UnsafeTree
  private let components: UnsafeComponents

  /// Laid out as `SufficientStatistics.values`; added to.
  private let statistics: UnsafeMutablePointer<Double>

  /// C', or the number of live components if that is less.
  private let truncation: Int

  /// The candidates of all nodes on the path, one list after the other.
  private let numbers: UnsafeMutablePointer<Int32>

  /// The components that cost the middle of the box at hand least, the cheapest
  /// first.
  private let pivots: UnsafeMutablePointer<Int32>
  private let pivotCosts: UnsafeMutablePointer<Double>

  private var shares: SharedPoints

  /// Used where no live component is left out.
  private let dense: DenseShares<Dimension>?

  /// F, Σ w log Σ_{c∈K} exp(−cost), in nats; and where no component is left
  /// out J.
  private(set) var totals = PassSums()

  /// Beyond this C' looking for pivots costs more than it saves.
  private static var mostPivots: Int { 8 }

  /// Allocates room for the lists of a path.
  init(
    _ tree: UnsafeTree, _ components: UnsafeComponents, truncation: Int,
    into statistics: UnsafeMutablePointer<Double>
  ) {
    self.tree = tree
    self.components = components
    self.statistics = statistics
    let count = components.live.count
    self.truncation = min(truncation, count)
    numbers = .allocate(capacity: count * (tree.depth + 1))
    pivots = .allocate(capacity: self.truncation)
    pivotCosts = .allocate(capacity: self.truncation)
    shares = SharedPoints(truncation: self.truncation, components: count)
    for (i, component) in components.live.enumerated() {
      numbers[i] = component
    }
    dense =
      self.truncation == count && count > 1 ? DenseShares(components) : nil
  }

  /// Frees the memory.
  func deallocate() {
    numbers.deallocate()
    pivots.deallocate()
    pivotCosts.deallocate()
    shares.deallocate()
    dense?.deallocate()
  }

  /// Shares the points below a node.
  ///
  /// - Complexity: O((nodes × C' + points) × candidates × D) where C' is small,
  ///   O(points × components × D) where it is not.
  mutating func run(_ root: Int) {
    guard let dense else {
      visit(root, 0..<components.live.count)
      return
    }
    let node = tree.nodes[root]
    dense.add(Int(node.start)..<Int(node.end), of: tree.points)
    totals = dense.finish(into: statistics)
  }

  private mutating func visit(_ index: Int, _ outer: Range<Int>) {
    let list = narrowed(outer, index)
    let node = tree.nodes[index]
    if list.count == 1 {
      take(index, Int(numbers[list.lowerBound]))
    } else if Int(node.next) > index + 1 {
      visit(index + 1, list)
      visit(Int(tree.nodes[index + 1].next), list)
    } else {
      evaluate(Int(node.start)..<Int(node.end), list)
    }
  }

  /// The candidates of a node, out of those of the node above.
  ///
  /// - Returns: Where they are: behind `list`, in the same order, at least C' of
  ///   them; or `list` itself.
  private func narrowed(_ list: Range<Int>, _ index: Int) -> Range<Int> {
    guard list.count > truncation, truncation <= Self.mostPivots else {
      return list
    }
    let (low, high) = tree.bounds(index, as: Vector.self)
    let middle = 0.5 * (low + high)
    for i in 0..<truncation { pivotCosts[i] = .infinity }
    for place in list {
      let number = numbers[place]
      let cost = components.cost(Int(number), at: middle)
      guard cost < pivotCosts[truncation - 1] else { continue }
      var i = truncation - 1
      while i > 0, pivotCosts[i - 1] > cost {
        pivotCosts[i] = pivotCosts[i - 1]
        pivots[i] = pivots[i - 1]
        i -= 1
      }
      pivotCosts[i] = cost
      pivots[i] = number
    }
    var end = list.upperBound
    for place in list {
      let number = numbers[place]
      var dropped = true
      // The dearest pivot is the one that most often is not cheaper.
      var i = truncation - 1
      while dropped, i >= 0 {
        dropped =
          pivots[i] != number
          && components.isDearer(
            Int(number), than: Int(pivots[i]), low: low, high: high)
        i -= 1
      }
      numbers[end] = number
      end += dropped ? 0 : 1
    }
    return list.upperBound..<end
  }

  /// Gives all points below a node to one component.
  private mutating func take(_ index: Int, _ component: Int) {
    let mean = components.means.mean(component, as: Vector.self)
    let row = statistics + component * (Dimension.count + 2)
    let (weight, scatter) = tree.give(index, to: mean, row, Dimension.self)
    guard weight > 0 else { return }
    totals.freeEnergy -=
      weight * components.offsets[component]
      + scatter * components.precisions[component]
  }

  /// Shares a leaf's points among the cheapest candidates, four at once.
  @inline(__always)
  private mutating func evaluate(_ range: Range<Int>, _ list: Range<Int>) {
    var n = range.lowerBound
    while n < range.upperBound {
      shares.begin()
      for place in list {
        let component = Int(numbers[place])
        shares.take(
          components.costs(of: tree.points, n, component, Dimension.self),
          Int64(component))
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      add(n, lanes: lanes)
      n += lanes
    }
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
    for lane in 0..<lanes {
      totals.freeEnergy += weights[lane] * logarithms[lane]
      for i in 0..<truncation {
        let share = scale[lane] * shares.responsibilities[i][lane]
        if share > 0 {
          add(n + lane, share, to: Int(shares.components[i][lane]))
        }
      }
    }
  }

  /// Adds a share of a point to a component.
  @inline(__always)
  private func add(_ n: Int, _ share: Double, to component: Int) {
    let row = statistics + component * (Dimension.count + 2)
    let mean = components.means.values + component * Vector.scalarCount
    var distance = 0.0
    for d in 0..<Dimension.count {
      let coordinate = tree.points.coordinate(n, d)
      let difference = coordinate - mean[d]
      distance += difference * difference
      row[2 + d] += share * coordinate
    }
    row[0] += share
    row[1] += share * distance
  }
}

extension FixedDimension {
  static func shareGenerally(
    in tree: UnsafeTree, _ root: Int, to components: UnsafeComponents,
    truncation: Int, into statistics: UnsafeMutablePointer<Double>
  ) -> PassSums {
    var pass = GeneralPass<Self>(
      tree, components, truncation: truncation, into: statistics)
    defer { pass.deallocate() }
    pass.run(root)
    return pass.totals
  }
}
