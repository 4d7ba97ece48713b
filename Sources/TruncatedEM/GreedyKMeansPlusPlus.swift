import ParallelWork

/// Chooses means to start from by greedy k-means++.
///
/// One mean after the other is drawn from the points with a probability
/// proportional to weight times squared distance to the nearest mean so far
/// (D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful
/// seeding", SODA 2007, section 2.2); of several draws the one that lowers the
/// sum of those squared distances most is kept (the same paper's section 5).
///
/// The draws depend on the seed, the points and their order, never on the
/// number of threads.
struct GreedyKMeansPlusPlus: Sendable {
  /// What to choose from.
  let points: WeightedPoints

  /// On how many threads.
  let workers: Workers

  /// Chooses `components` means.
  ///
  /// Where fewer points are distinct, the means beyond them repeat the points,
  /// the heaviest first.
  ///
  /// - Parameters:
  ///   - components: C, at least 1.
  ///   - draws: How many points to try for each mean.
  ///   - generator: The same numbers give the same means.
  /// - Returns: Component after component, `points.dimension` numbers each.
  /// - Complexity: O(points × components × draws × D).
  func means(
    _ components: Int, draws: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    var search = Search(points: points, workers: workers)
    search.take(search.draw(by: .weight, &generator))
    while search.chosen.count < components {
      guard search.potential > 0 else {
        search.repeatHeaviest(until: components)
        break
      }
      search.takeBest(of: draws, &generator)
    }
    return search.chosen.flatMap(points.coordinates(ofPoint:))
  }
}

extension GreedyKMeansPlusPlus {
  /// The points chosen so far, and how far every point is from them.
  private struct Search {
    enum Measure {
      case weight
      case weightedDistance
    }

    let points: WeightedPoints
    let workers: Workers
    let pieces: [Range<Int>]

    /// Numbers of points.
    var chosen: [Int] = []

    /// For each point w |y − μ|² with the nearest chosen μ; 0 for padding.
    var distances: [Double]

    /// The sum of `distances`, piece by piece.
    var sums: [Double]

    /// The sum of `distances`.
    var potential: Double { sums.reduce(0, +) }

    init(points: WeightedPoints, workers: Workers) {
      self.points = points
      self.workers = workers
      pieces = points.pieces(ofAtLeast: 4_096, most: 64)
      // Every lowered distance is below this.
      distances = [Double](repeating: .infinity, count: points.stride)
      sums = []
    }

    /// Draws a point with a probability proportional to a measure.
    func draw(by measure: Measure, _ generator: inout SeededGenerator) -> Int {
      let values = measure == .weight ? points.weights : distances
      let sums =
        measure == .weight
        ? pieces.map { points.weights[$0].reduce(0, +) } : self.sums
      var rest = generator.nextUnit() * sums.reduce(0, +)
      var last = 0
      for (piece, sum) in zip(pieces, sums) {
        guard rest >= sum else {
          for n in piece where values[n] > 0 {
            last = n
            rest -= values[n]
            if rest < 0 { return n }
          }
          continue
        }
        rest -= sum
        // Rounding may leave a rest at the end: then the last one that can be.
        if let n = piece.last(where: { values[$0] > 0 }) { last = n }
      }
      return last
    }

    /// The distances there would be with one more point chosen, and their sums.
    func lowered(toward point: Int) -> (distances: [Double], sums: [Double]) {
      let mean = points.coordinates(ofPoint: point)
      let passes = points.passes
      var sums: [Double] = []
      let lowered = [Double](unsafeUninitializedCapacity: points.stride) {
        buffer, count in
        let lowered = SharedMemory(buffer)
        sums = points.withUnsafePoints { points in
          distances.withUnsafeBufferPointer { current in
            let current = SharedMemory(
              UnsafeMutableBufferPointer(mutating: current))
            return workers.map(pieces.count) { piece in
              mean.withUnsafeBufferPointer { mean in
                guard let mean = mean.baseAddress else { return 0 }
                return passes.lowerDistances(
                  pieces[piece], of: points, toward: mean,
                  from: current.start, into: lowered.start)
              }
            }
          }
        }
        count = points.stride
      }
      return (lowered, sums)
    }

    mutating func take(_ point: Int) {
      (distances, sums) = lowered(toward: point)
      chosen.append(point)
    }

    mutating func takeBest(of draws: Int, _ generator: inout SeededGenerator) {
      var best: (point: Int, distances: [Double], sums: [Double])?
      var least = Double.infinity
      for _ in 0..<draws {
        let point = draw(by: .weightedDistance, &generator)
        let (distances, sums) = lowered(toward: point)
        let potential = sums.reduce(0, +)
        if potential < least {
          least = potential
          best = (point, distances, sums)
        }
      }
      if let best {
        distances = best.distances
        sums = best.sums
        chosen.append(best.point)
      }
    }

    mutating func repeatHeaviest(until components: Int) {
      let order = (0..<points.count).sorted {
        (points.weights[$0], $1) > (points.weights[$1], $0)
      }
      while chosen.count < components {
        chosen += order.prefix(components - chosen.count)
      }
    }
  }
}

extension FixedDimension {
  /// Lowers weighted squared distances to what they are with one more mean.
  ///
  /// - Parameters:
  ///   - range: As for `assignNearest`.
  ///   - points: The points' storage.
  ///   - mean: D numbers.
  ///   - current: For each point w |y − μ|² with the nearest mean so far.
  ///   - lowered: Where to write the new ones.
  /// - Returns: Their sum over the range.
  static func lowerDistances(
    _ range: Range<Int>, of points: UnsafePoints,
    toward mean: UnsafePointer<Double>,
    from current: UnsafePointer<Double>,
    into lowered: UnsafeMutablePointer<Double>
  ) -> Double {
    var sum = SIMD4<Double>.zero
    var n = range.lowerBound
    while n < range.upperBound {
      var distance = SIMD4<Double>.zero
      for d in 0..<Self.count {
        let difference = points.lanes(n, d) - SIMD4(repeating: mean[d])
        distance += difference * difference
      }
      distance *=
        UnsafeRawPointer(points.weights + n)
        .loadUnaligned(as: SIMD4<Double>.self)
      let before = UnsafeRawPointer(current + n)
        .loadUnaligned(as: SIMD4<Double>.self)
      distance.replace(with: before, where: before .< distance)
      UnsafeMutableRawPointer(lowered + n)
        .storeBytes(of: distance, as: SIMD4<Double>.self)
      sum += distance
      n += WeightedPoints.lanes
    }
    return sum.sum()
  }
}
