internal import CKernels

/// Shares of points among all components, where C' leaves none out: nothing is
/// looked for, and all is done for four points at once.
struct DenseShares<Dimension: PointDimension> {
  private typealias Vector = SIMD4<Double>

  private let dimension: Dimension

  private let components: UnsafeComponents

  /// Squared distances of four points, and behind those of all components
  /// costs and then responsibilities.
  private let room: UnsafeMutablePointer<SIMD4<Double>>

  /// Laid out as `SufficientStatistics.values`, live component after live
  /// component, each number in four parts.
  private let sums: UnsafeMutablePointer<SIMD4<Double>>

  /// Σ w log Σ_c exp(−cost) and Σ w min_c |y − μ_c|², in four parts.
  private let totals: UnsafeMutablePointer<SIMD4<Double>>

  /// Allocates room.
  init(_ components: UnsafeComponents, _ dimension: Dimension) {
    let count = components.live.count
    let numbers = count * StatisticsRow<Vector>.width(dimension.count)
    self.dimension = dimension
    self.components = components
    room = .allocate(capacity: 2 * count)
    room.initialize(repeating: .zero, count: 2 * count)
    sums = .allocate(capacity: numbers)
    sums.initialize(repeating: .zero, count: numbers)
    totals = .allocate(capacity: 2)
    totals.initialize(repeating: .zero, count: 2)
  }

  /// Frees the memory.
  func deallocate() {
    room.deallocate()
    sums.deallocate()
    totals.deallocate()
  }

  /// Shares points.
  ///
  /// - Complexity: O(points × components × D).
  func add(_ range: Range<Int>, of points: UnsafePoints) {
    if Dimension.hasKernels, InstructionSet.hasKernels {
      addInKernel(range, of: points)
    } else {
      addPortably(range, of: points)
    }
  }

  private func addInKernel(_ range: Range<Int>, of points: UnsafePoints) {
    func numbers(
      _ vectors: UnsafeMutablePointer<SIMD4<Double>>
    ) -> UnsafeMutablePointer<Double> {
      UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Double.self)
    }
    qk_share_densely(
      points.coordinates, points.stride, points.weights, range.lowerBound,
      range.upperBound, components.live.baseAddress, components.live.count,
      components.means.values, dimension.vectorWidth, dimension.count,
      components.offsets, components.precisions, numbers(room), numbers(sums),
      numbers(totals))
  }

  /// What the kernel in C does where the machine can run it.
  private func addPortably(_ range: Range<Int>, of points: UnsafePoints) {
    var n = range.lowerBound
    while n < range.upperBound {
      var weights = UnsafeRawPointer(points.weights + n)
        .loadUnaligned(as: SIMD4<Double>.self)
      let lanes = SIMD4<Int64>(0, 1, 2, 3)
      weights.replace(
        with: 0, where: lanes .>= Int64(range.upperBound - n))
      add(n, weights, of: points)
      n += WeightedPoints.lanes
    }
  }

  @inline(__always)
  private func add(
    _ n: Int, _ weights: SIMD4<Double>, of points: UnsafePoints
  ) {
    let count = components.live.count
    let distances = room
    let responsibilities = room + count
    var nearest = SIMD4<Double>(repeating: .infinity)
    var least = nearest
    for (i, live) in components.live.enumerated() {
      let component = Int(live)
      let distance: SIMD4<Double> = components.means.squaredDistances(
        of: points, n, to: component, dimension)
      let cost =
        SIMD4(repeating: components.offsets[component])
        + distance * components.precisions[component]
      distances[i] = distance
      responsibilities[i] = cost
      nearest.replace(with: distance, where: distance .< nearest)
      least.replace(with: cost, where: cost .< least)
    }
    var total = SIMD4<Double>.zero
    for i in 0..<count {
      let q = VectorMath.exp(least - responsibilities[i])
      responsibilities[i] = q
      total += q
    }
    totals[0] += weights * (VectorMath.log(total) - least)
    totals[1] += weights * nearest
    let scale = weights / total
    for i in 0..<count {
      let share = scale * responsibilities[i]
      let row = StatisticsRow(i, of: sums, dimension: dimension.count)
      row.weight += share
      row.scatter += share * distances[i]
      for d in 0..<dimension.count {
        row[d] += share * points.lanes(n, d)
      }
    }
  }

  /// Adds what was shared to the statistics.
  ///
  /// - Parameter statistics: Laid out as `SufficientStatistics.values`.
  /// - Returns: F, in nats, and J of the live components.
  func finish(into statistics: UnsafeMutablePointer<Double>) -> PassSums {
    let width = StatisticsRow<Vector>.width(dimension.count)
    for (i, live) in components.live.enumerated() {
      for j in 0..<width {
        statistics[Int(live) * width + j] += sums[i * width + j].sum()
      }
    }
    return PassSums(freeEnergy: totals[0].sum(), inertia: totals[1].sum())
  }
}
