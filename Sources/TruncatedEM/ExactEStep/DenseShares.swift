/// Shares of points among all components, where C' leaves none out: nothing is
/// looked for, and all is done for four points at once.
struct DenseShares<Dimension: FixedDimension> {
  private typealias Vector = SIMD4<Double>

  private let components: UnsafeComponents

  /// Squared distances, then costs and responsibilities, of four points.
  private let distances: UnsafeMutablePointer<SIMD4<Double>>
  private let responsibilities: UnsafeMutablePointer<SIMD4<Double>>

  /// Laid out as `SufficientStatistics.values`, live component after live
  /// component, each number in four parts.
  private let sums: UnsafeMutablePointer<SIMD4<Double>>

  /// Σ w log Σ_c exp(−cost), in four parts.
  private var freeEnergies = SIMD4<Double>.zero

  private var width: Int { Dimension.count + 2 }

  /// Allocates room.
  init(_ components: UnsafeComponents) {
    let count = components.live.count
    self.components = components
    distances = .allocate(capacity: count)
    responsibilities = .allocate(capacity: count)
    sums = .allocate(capacity: count * (Dimension.count + 2))
    sums.initialize(repeating: .zero, count: count * (Dimension.count + 2))
  }

  /// Frees the memory.
  func deallocate() {
    distances.deallocate()
    responsibilities.deallocate()
    sums.deallocate()
  }

  /// Shares points.
  ///
  /// - Complexity: O(points × components × D).
  @inline(__always)
  mutating func add(_ range: Range<Int>, of points: UnsafePoints) {
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
  private mutating func add(
    _ n: Int, _ weights: SIMD4<Double>, of points: UnsafePoints
  ) {
    var least = SIMD4<Double>(repeating: .infinity)
    for (i, live) in components.live.enumerated() {
      let component = Int(live)
      let distance: SIMD4<Double> = components.means.squaredDistances(
        of: points, n, to: component, Dimension.self)
      let cost =
        SIMD4(repeating: components.offsets[component])
        + distance * components.precisions[component]
      distances[i] = distance
      responsibilities[i] = cost
      least.replace(with: cost, where: cost .< least)
    }
    var total = SIMD4<Double>.zero
    for i in 0..<components.live.count {
      let q = VectorMath.exp(least - responsibilities[i])
      responsibilities[i] = q
      total += q
    }
    freeEnergies += weights * (VectorMath.log(total) - least)
    let scale = weights / total
    for i in 0..<components.live.count {
      let share = scale * responsibilities[i]
      let row = sums + i * width
      row[0] += share
      row[1] += share * distances[i]
      for d in 0..<Dimension.count {
        let coordinates = UnsafeRawPointer(
          points.coordinates + d * points.stride + n
        ).loadUnaligned(as: SIMD4<Double>.self)
        row[2 + d] += share * coordinates
      }
    }
  }

  /// Adds what was shared to the statistics.
  ///
  /// - Parameter statistics: Laid out as `SufficientStatistics.values`.
  /// - Returns: F, in nats.
  func finish(into statistics: UnsafeMutablePointer<Double>) -> Double {
    for (i, live) in components.live.enumerated() {
      let row = statistics + Int(live) * width
      for j in 0..<width { row[j] += sums[i * width + j].sum() }
    }
    return freeEnergies.sum()
  }
}
