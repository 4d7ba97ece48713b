/// The E-step of a mixture with covariance matrices over a range of points, for
/// every C': shares each point among the C' components that cost it least, and
/// adds up what the M-step needs.
///
///     q_n(c) = exp(−cost_c(y_n)) / Σ_{c'∈K_n} exp(−cost_c'(y_n))
///
/// Costs are those of `GaussianComponents`, all of them computed; of components of
/// equal cost the lower number comes first.
struct GaussianPass<Dimension: PointDimension> {
  private let dimension: Dimension
  private let points: UnsafePoints
  private let components: UnsafeGaussians

  /// C', or the number of live components if that is less.
  private let truncation: Int

  /// The numbers of a covariance matrix.
  private let width: Int

  private var shares: SharedPoints
  private let differences: UnsafeMutablePointer<SIMD4<Double>>

  /// Where no live component is left out: costs and then responsibilities, and for
  /// each live component weight, sums and second moments, in four parts.
  private let costs: UnsafeMutablePointer<SIMD4<Double>>
  private let sums: UnsafeMutablePointer<SIMD4<Double>>
  private let isDense: Bool

  /// F, Σ w log Σ_{c∈K} exp(−cost), in nats.
  private(set) var totals = PassSums()

  /// Allocates room.
  init(
    _ dimension: Dimension, _ points: UnsafePoints,
    _ components: UnsafeGaussians, truncation: Int
  ) {
    self.dimension = dimension
    self.points = points
    self.components = components
    let count = components.live.count
    self.truncation = min(truncation, count)
    isDense = self.truncation == count
    width =
      components.isDiagonal
      ? dimension.count : dimension.count * (dimension.count + 1) / 2
    shares = SharedPoints(truncation: self.truncation, components: count)
    differences = .allocate(capacity: dimension.count)
    differences.initialize(repeating: .zero, count: dimension.count)
    costs = .allocate(capacity: count)
    costs.initialize(repeating: .zero, count: count)
    let numbers = isDense ? count * (1 + dimension.count + width) : 1
    sums = .allocate(capacity: numbers)
    sums.initialize(repeating: .zero, count: numbers)
  }

  /// Frees the memory.
  func deallocate() {
    shares.deallocate()
    differences.deallocate()
    costs.deallocate()
    sums.deallocate()
  }

  /// Shares points.
  ///
  /// - Parameters:
  ///   - range: The points.
  ///   - statistics: Laid out as `SufficientStatistics.values`; added to.
  ///   - seconds: Laid out as `SufficientStatistics.seconds`; added to.
  /// - Complexity: O(points × (components × M + C' × M)) for M numbers of a matrix.
  mutating func run(
    _ range: Range<Int>, into statistics: UnsafeMutablePointer<Double>,
    _ seconds: UnsafeMutablePointer<Double>
  ) {
    totals.distances += range.count * components.live.count
    for n in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
      var weights = UnsafeRawPointer(points.weights + n)
        .loadUnaligned(as: SIMD4<Double>.self)
      let left = range.upperBound - n
      for lane in max(0, min(left, 4))..<4 { weights[lane] = 0 }
      if isDense {
        shareDensely(n, weights)
      } else {
        share(n, weights, min(left, 4), statistics, seconds)
      }
    }
    if isDense { finish(into: statistics, seconds) }
  }

  // MARK: Among all

  @inline(__always)
  private mutating func shareDensely(_ n: Int, _ weights: SIMD4<Double>) {
    let count = components.live.count
    var least = SIMD4<Double>(repeating: .infinity)
    for (i, c) in components.live.enumerated() {
      let cost = components.costs(
        of: points, n, Int(c), dimension, differences)
      costs[i] = cost
      least.replace(with: cost, where: cost .< least)
    }
    var total = SIMD4<Double>.zero
    for i in 0..<count {
      let q = VectorMath.exp(least - costs[i])
      costs[i] = q
      total += q
    }
    totals.freeEnergy += (weights * (VectorMath.log(total) - least)).sum()
    let scale = weights / total
    let length = 1 + dimension.count + width
    for (i, c) in components.live.enumerated() {
      let share = scale * costs[i]
      // Most components have no share of most points.
      if all(share .== .zero) { continue }
      let row = sums + i * length
      let second = row + 1 + dimension.count
      let mean = components.means + Int(c) * dimension.count
      row[0] += share
      for d in 0..<dimension.count {
        let coordinate = points.lanes(n, d)
        differences[d] = coordinate - mean[d]
        row[1 + d] += share * coordinate
      }
      if components.isDiagonal {
        for d in 0..<dimension.count {
          second[d] += share * differences[d] * differences[d]
        }
        continue
      }
      var place = 0
      for d in 0..<dimension.count {
        let part = share * differences[d]
        for e in 0...d {
          second[place] += part * differences[e]
          place += 1
        }
      }
    }
  }

  private func finish(
    into statistics: UnsafeMutablePointer<Double>,
    _ seconds: UnsafeMutablePointer<Double>
  ) {
    let length = 1 + dimension.count + width
    for (i, c) in components.live.enumerated() {
      let row = StatisticsRow(
        Int(c), of: statistics, dimension: dimension.count)
      let own = sums + i * length
      row.weight += own[0].sum()
      for d in 0..<dimension.count { row[d] += own[1 + d].sum() }
      for j in 0..<width {
        seconds[Int(c) * width + j] += own[1 + dimension.count + j].sum()
      }
    }
  }

  // MARK: Among some

  @inline(__always)
  private mutating func share(
    _ n: Int, _ weights: SIMD4<Double>, _ lanes: Int,
    _ statistics: UnsafeMutablePointer<Double>,
    _ seconds: UnsafeMutablePointer<Double>
  ) {
    shares.begin()
    for c in components.live {
      shares.take(
        components.costs(of: points, n, Int(c), dimension, differences),
        Int64(c))
    }
    let least = shares.selectNearest()
    var total = SIMD4<Double>.zero
    for i in 0..<truncation {
      let q = VectorMath.exp(least - shares.distances[i])
      shares.responsibilities[i] = q
      total += q
    }
    totals.freeEnergy += (weights * (VectorMath.log(total) - least)).sum()
    let scale = weights / total
    for lane in 0..<lanes {
      for i in 0..<truncation {
        let share = scale[lane] * shares.responsibilities[i][lane]
        if share > 0 {
          add(
            n + lane, share, to: Int(shares.components[i][lane]), statistics,
            seconds)
        }
      }
    }
  }

  /// Adds a share of a point to a component.
  @inline(__always)
  private func add(
    _ n: Int, _ share: Double, to component: Int,
    _ statistics: UnsafeMutablePointer<Double>,
    _ seconds: UnsafeMutablePointer<Double>
  ) {
    let row = StatisticsRow(
      component, of: statistics, dimension: dimension.count)
    let mean = components.means + component * dimension.count
    let own = UnsafeMutableRawPointer(differences)
      .assumingMemoryBound(to: Double.self)
    var second = seconds + component * width
    row.weight += share
    for d in 0..<dimension.count {
      let coordinate = points.coordinate(n, d)
      own[d] = coordinate - mean[d]
      row[d] += share * coordinate
    }
    if components.isDiagonal {
      for d in 0..<dimension.count { second[d] += share * own[d] * own[d] }
      return
    }
    for d in 0..<dimension.count {
      let part = share * own[d]
      for e in 0...d { second[e] += part * own[e] }
      second += d + 1
    }
  }
}

// No requirements of the protocol: code for every D would take more room than it is
// worth. It is made for three dimensions and for any.
extension PointDimension {
  /// See `GaussianPass`.
  func shareAmongGaussians(
    _ points: UnsafePoints, _ range: Range<Int>,
    _ components: UnsafeGaussians, truncation: Int,
    into statistics: UnsafeMutablePointer<Double>,
    _ seconds: UnsafeMutablePointer<Double>
  ) -> PassSums {
    var pass = GaussianPass(
      self, points, components, truncation: truncation)
    defer { pass.deallocate() }
    pass.run(range, into: statistics, seconds)
    return pass.totals
  }

  /// See `PosteriorPass`.
  func writePosterior(
    of range: Range<Int>, _ points: UnsafePoints,
    _ components: UnsafeGaussians, into outputs: PosteriorOutputs
  ) {
    let live = components.live
    var pass = PosteriorPass(
      points, found: min(outputs.truncation, live.count),
      components: live.count, precision: 1, into: outputs)
    let differences = UnsafeMutablePointer<SIMD4<Double>>.allocate(
      capacity: count)
    differences.initialize(repeating: .zero, count: count)
    defer {
      pass.deallocate()
      differences.deallocate()
    }
    pass.run(range, live, nil) { n, c in
      components.costs(of: points, n, c, self, differences)
    }
  }
}
