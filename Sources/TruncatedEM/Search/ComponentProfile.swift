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
  ///
  /// - Parameters:
  ///   - moments: Sums over the points.
  ///   - variances: Σ w (y_d − μ_d)², one a coordinate.
  ///   - multiply: Multiplies Σ w (y − μ)(y − μ)ᵀ by a vector.
  init(
    _ moments: ComponentMoments, variances: [Double],
    multiply: (_ vector: [Double], _ product: inout [Double]) -> Void
  ) {
    removalCost = moments.removalCost
    guard moments.weight > 0 else {
      scatter = 0
      splitGain = 0
      splitStep = variances.map { _ in 0 }
      return
    }
    let (value, axis) = Self.principalAxis(variances, multiply)
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
  ///   - diagonal: That of the matrix.
  ///   - multiply: Multiplies the matrix by a vector.
  /// - Returns: The eigenvalue, and a vector of length 1 or 0.
  private static func principalAxis(
    _ diagonal: [Double],
    _ multiply: (_ vector: [Double], _ product: inout [Double]) -> Void
  ) -> (value: Double, vector: [Double]) {
    // The column of the largest variance is never orthogonal to the axis.
    let start = diagonal.indices.max { diagonal[$0] < diagonal[$1] } ?? 0
    var unit = [Double](repeating: 0, count: diagonal.count)
    unit[start] = 1
    var vector = unit
    multiply(unit, &vector)
    var value = 0.0
    for _ in 0..<8 {
      var length = 0.0
      for x in vector { length += x * x }
      length = length.squareRoot()
      guard length > 0 else { return (0, vector) }
      for i in unit.indices { unit[i] = vector[i] / length }
      multiply(unit, &vector)
      value = 0
      for i in unit.indices { value += vector[i] * unit[i] }
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

  /// Adds the points of a range, four at once.
  ///
  /// - Parameters:
  ///   - points: The storage of the points.
  ///   - range: Those to add.
  ///   - component: The component that they belong to.
  ///   - neighbours: Its neighbours.
  ///   - means: All means.
  ///   - dimension: D.
  ///   - body: Gets each point and its weight.
  /// - Complexity: O(points × neighbours × D).
  @inline(__always)
  mutating func add(
    _ points: UnsafePoints, _ range: Range<Int>, of component: Int,
    among neighbours: [Int], of means: UnsafeMeans,
    _ dimension: some PointDimension, _ body: (Int, Double) -> Void
  ) {
    var n = range.lowerBound
    while n < range.upperBound {
      let own = means.squaredDistances(of: points, n, to: component, dimension)
      var other = SIMD4<Double>(repeating: .infinity)
      for neighbour in neighbours {
        let distance = means.squaredDistances(
          of: points, n, to: neighbour, dimension)
        other.replace(with: distance, where: distance .< other)
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      for lane in 0..<lanes {
        let weight = points.weights[n + lane]
        self.weight += weight
        scatter += weight * own[lane]
        removalCost += weight * max(0, other[lane] - own[lane])
        body(n + lane, weight)
      }
      n += lanes
    }
  }
}

extension FixedDimension {
  func profile(
    _ points: UnsafePoints, _ range: Range<Int>, of component: Int,
    among neighbours: [Int], of means: UnsafeMeans
  ) -> ComponentProfile {
    let mean = means.mean(component, as: Vector.self)
    var moments = ComponentMoments()
    // The upper triangle of Σ w (y − μ)(y − μ)ᵀ, row by row. Twice as many as
    // needed in three dimensions; the compiler keeps those of a known dimension
    // in registers.
    var upper = SIMD32<Double>.zero
    moments.add(
      points, range, of: component, among: neighbours, of: means, self
    ) { n, weight in
      var place = 0
      for i in 0..<count {
        let along = weight * (points.coordinate(n, i) - mean[i])
        for j in i..<count {
          upper[place] += along * (points.coordinate(n, j) - mean[j])
          place += 1
        }
      }
    }
    // A copy, because what a closure captures is not in registers.
    let second = upper
    func entry(_ i: Int, _ j: Int) -> Double {
      let (row, column) = (min(i, j), max(i, j))
      return second[row * count - row * (row - 1) / 2 + column - row]
    }
    return ComponentProfile(
      moments, variances: (0..<count).map { entry($0, $0) }
    ) { vector, product in
      for i in 0..<count {
        var sum = 0.0
        for j in 0..<count { sum += entry(i, j) * vector[j] }
        product[i] = sum
      }
    }
  }
}
