/// What a hard assignment tells of a component: what it would cost to remove
/// it, and what could be gained by splitting it.
struct ComponentProfile: Sendable {
  /// J of the component's points.
  let scatter: Double

  /// About how much J would rise if the component were removed and its points
  /// went to the nearest of its neighbours.
  let removalCost: Double

  /// About how much J would fall if the component were split in two along the
  /// axis of its largest variance: 2/π of the scatter along that axis, which is
  /// exact for a normal distribution.
  let splitGain: Double

  /// From the mean to the mean of one half: √(2/π) standard deviations along
  /// that axis.
  let splitStep: [Double]

  /// Derives the profile from the moments of the component's points.
  init(_ moments: ComponentMoments, dimension: Int) {
    removalCost = moments.removalCost
    guard moments.weight > 0 else {
      scatter = 0
      splitGain = 0
      splitStep = [Double](repeating: 0, count: dimension)
      return
    }
    let (value, axis) = Self.principalAxis(moments.second, dimension)
    let share = 2 / Double.pi
    scatter = moments.scatter
    splitGain = share * value
    let length = max(0, share * value / moments.weight).squareRoot()
    splitStep = axis.map { $0 * length }
  }

  /// The largest eigenvalue of a symmetric matrix that has no negative ones,
  /// and its eigenvector, by power iteration.
  ///
  /// - Parameters:
  ///   - upper: The upper triangle, row by row.
  ///   - dimension: Rows of the matrix.
  /// - Returns: The eigenvalue, and a vector of length 1 or 0.
  private static func principalAxis(
    _ upper: [Double], _ dimension: Int
  ) -> (value: Double, vector: [Double]) {
    func entry(_ i: Int, _ j: Int) -> Double {
      let (row, column) = (min(i, j), max(i, j))
      return upper[row * dimension - row * (row - 1) / 2 + column - row]
    }
    // The column of the largest variance is never orthogonal to the axis.
    let start = (0..<dimension).max { entry($0, $0) < entry($1, $1) } ?? 0
    var vector = (0..<dimension).map { entry($0, start) }
    var value = 0.0
    for _ in 0..<8 {
      var length = 0.0
      for i in 0..<dimension { length += vector[i] * vector[i] }
      length = length.squareRoot()
      guard length > 0 else { return (0, vector) }
      for i in 0..<dimension { vector[i] /= length }
      let unit = vector
      value = 0
      for i in 0..<dimension {
        var sum = 0.0
        for j in 0..<dimension { sum += entry(i, j) * unit[j] }
        vector[i] = sum
        value += sum * unit[i]
      }
    }
    let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
    return length > 0 ? (value, vector.map { $0 / length }) : (0, vector)
  }
}

/// Sums over the points of one component.
struct ComponentMoments: Sendable {
  /// Σ w.
  var weight = 0.0

  /// Σ w |y − μ|².
  var scatter = 0.0

  /// Σ w (d² − |y − μ|²) with the distance d to the nearest neighbour.
  var removalCost = 0.0

  /// The upper triangle of Σ w (y − μ)(y − μ)ᵀ, row by row.
  var second: [Double]
}

extension FixedDimension {
  static func profile(
    _ points: UnsafePoints, _ range: Range<Int>, of component: Int,
    among neighbours: [Int], of means: UnsafeMeans
  ) -> ComponentMoments {
    let mean = means.mean(component, as: Vector.self)
    var moments = ComponentMoments(second: [])
    // Twice as many as needed in three dimensions; the compiler keeps those of
    // a known dimension in registers.
    var second = SIMD32<Double>.zero
    var n = range.lowerBound
    while n < range.upperBound {
      let own = means.squaredDistances(
        of: points, n, to: component, Self.self)
      var other = SIMD4<Double>(repeating: .infinity)
      for neighbour in neighbours {
        let distance = means.squaredDistances(
          of: points, n, to: neighbour, Self.self)
        other.replace(with: distance, where: distance .< other)
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      for lane in 0..<lanes {
        let weight = points.weights[n + lane]
        moments.weight += weight
        moments.scatter += weight * own[lane]
        moments.removalCost += weight * max(0, other[lane] - own[lane])
        var place = 0
        for i in 0..<Self.count {
          let along = weight * (points.coordinate(n + lane, i) - mean[i])
          for j in i..<Self.count {
            second[place] += along * (points.coordinate(n + lane, j) - mean[j])
            place += 1
          }
        }
      }
      n += lanes
    }
    moments.second = (0..<Self.count * (Self.count + 1) / 2).map { second[$0] }
    return moments
  }
}
