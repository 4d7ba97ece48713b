/// Writes the truncated posterior of points, or its entropy, four at once.
///
/// What is found is what `SoftPass` and `GeneralPass` share points by, in the
/// order of the distances (of the costs, where the model is general).
struct PosteriorPass {
  private let points: UnsafePoints
  private let outputs: PosteriorOutputs
  private var shares: SharedPoints

  /// How many components are found; those beyond, up to C', are components
  /// without any share.
  private let found: Int

  /// 1/2σ², or 1 where costs stand in place of distances.
  private let precision: Double

  /// One point's entries, to be sorted.
  private var entries: [(distance: Double, component: Int64)] = []

  /// Allocates room.
  init(
    _ points: UnsafePoints, found: Int, components: Int, precision: Double,
    into outputs: PosteriorOutputs
  ) {
    self.points = points
    self.outputs = outputs
    self.found = found
    self.precision = precision
    shares = SharedPoints(truncation: found, components: components)
    entries.reserveCapacity(found)
  }

  /// Frees the memory.
  func deallocate() {
    shares.deallocate()
  }

  /// Writes the posterior of a range of points.
  ///
  /// - Parameters:
  ///   - range: Points.
  ///   - candidates: Numbers of components, ascending, C' or more, or all that
  ///     have a share.
  ///   - filter: What drops some of them first; optional.
  ///   - distance: What the four points from one on are from a component.
  /// - Complexity: O(points × (candidates × D + C' log C')).
  @inline(__always)
  mutating func run(
    _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>,
    _ filter: WideFilter?, _ distance: (Int, Int) -> SIMD4<Double>
  ) {
    if let filter, filter.isWorth(candidates) {
      filter.forEachFour(range, candidates) { n, left in
        run(n, range, left, distance)
      }
    } else {
      for n in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
        run(n, range, candidates, distance)
      }
    }
  }

  /// Writes that of up to four points.
  @inline(__always)
  private mutating func run(
    _ n: Int, _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>,
    _ distance: (Int, Int) -> SIMD4<Double>
  ) {
    shares.begin()
    for candidate in candidates {
      shares.take(distance(n, Int(candidate)), Int64(candidate))
    }
    let nearest = shares.selectNearest()
    let lanes = min(WeightedPoints.lanes, range.upperBound - n)
    for lane in 0..<lanes { write(n + lane, lane, nearest[lane]) }
  }

  private mutating func write(_ n: Int, _ lane: Int, _ nearest: Double) {
    entries.removeAll(keepingCapacity: true)
    for i in 0..<found {
      entries.append(
        (shares.distances[i][lane], shares.components[i][lane]))
    }
    entries.sort { ($0.distance, $0.component) < ($1.distance, $1.component) }
    // The sum is at least 1: the nearest adds e⁰.
    var total = 0.0
    for i in stride(from: 0, to: found, by: 4) {
      var exponents = SIMD4<Double>(repeating: -.infinity)
      for j in 0..<min(4, found - i) {
        exponents[j] = (nearest - entries[i + j].distance) * precision
      }
      let q = VectorMath.exp(exponents)
      for j in 0..<min(4, found - i) {
        shares.responsibilities[i + j][lane] = q[j]
        total += q[j]
      }
    }
    let number = outputs.number(of: n)
    switch outputs.target {
    case .posterior(let components, let responsibilities):
      let first = number * outputs.truncation
      for i in 0..<found {
        components[first + i] = UInt16(
          truncatingIfNeeded: entries[i].component)
        responsibilities[first + i] = Float(
          shares.responsibilities[i][lane] / total)
      }
      for (i, component) in outputs.idle.prefix(outputs.truncation - found)
        .enumerated()
      {
        components[first + found + i] = component
        responsibilities[first + found + i] = 0
      }
    case .entropies(let entropies):
      // −Σ q log q = log Z + Σ q (cost − least); a share of 0 adds nothing, its
      // cost may be infinite.
      var costs = 0.0
      for i in 0..<found {
        let share = shares.responsibilities[i][lane]
        guard share > 0 else { continue }
        costs += share * (entries[i].distance - nearest) * precision
      }
      let logarithm = VectorMath.log(SIMD4(repeating: total))[0]
      entropies[number] = max(0, logarithm + costs / total)
    }
  }
}

extension PointDimension {
  func writePosterior(
    in tree: UnsafeTree, _ lists: UnsafeLists, of means: UnsafeMeans,
    precision: Double, into outputs: PosteriorOutputs
  ) {
    var pass = PosteriorPass(
      tree.points, found: outputs.truncation, components: means.count,
      precision: precision, into: outputs)
    defer { pass.deallocate() }
    let filter = WideFilter(
      self, tree, means, truncation: outputs.truncation)
    defer { filter?.deallocate() }
    lists.forEachRun(of: tree) { _, range, candidates in
      pass.run(range, candidates, filter) { n, c in
        means.squaredDistances(of: tree.points, n, to: c, self)
      }
    }
  }

  func writePosterior(
    of range: Range<Int>, in tree: UnsafeTree,
    _ components: UnsafeComponents, into outputs: PosteriorOutputs
  ) {
    let live = components.live
    var pass = PosteriorPass(
      tree.points, found: min(outputs.truncation, live.count),
      components: live.count, precision: 1, into: outputs)
    defer { pass.deallocate() }
    let filter = WideFilter(
      self, tree, components, truncation: min(outputs.truncation, live.count),
      vanishing: .infinity)
    defer { filter?.deallocate() }
    pass.run(range, live, filter) { n, c in
      components.costs(of: tree.points, n, c, self)
    }
  }
}
