import ParallelWork

/// What a hard assignment tells of each component: what it would cost to remove
/// it, and what could be gained by splitting it.
struct ComponentProfile: Sendable {
  /// One component.
  struct Component: Sendable {
    /// The rise of J if the component were removed and its points went to their
    /// second nearest, with all other means as they are.
    var removalCost: Double

    /// The fall of J if the component were split in two along the axis of its
    /// largest variance, were its points normally distributed: 2/π of the
    /// scatter along that axis.
    var splitGain: Double

    /// From the mean to the mean of one half: √(2/π) standard deviations along
    /// that axis.
    var splitStep: [Double]
  }

  /// All components.
  let components: [Component]

  /// Profiles the hard assignment of a tree's points to a model.
  ///
  /// - Complexity: That of a soft E-step with C' = 2.
  init(_ expectation: inout Expectation, _ model: MixtureModel) {
    let dimension = model.dimension
    let width = ProfileRow.width(dimension)
    let rows = expectation.profileRows(of: model)
    components = (0..<model.components).map { c in
      let row = rows[c * width..<(c + 1) * width]
      let weight = row[row.startIndex]
      guard weight > 0 else {
        return Component(
          removalCost: 0, splitGain: 0,
          splitStep: [Double](repeating: 0, count: dimension))
      }
      let moments = Array(row.dropFirst(2))
      let (variance, axis) = Self.principalAxis(
        moments.map { $0 / weight }, dimension)
      let share = 2 / Double.pi
      return Component(
        removalCost: row[row.startIndex + 1],
        splitGain: share * variance * weight,
        splitStep: axis.map { $0 * (share * variance).squareRoot() })
    }
  }

  /// The largest eigenvalue of a symmetric matrix and its eigenvector, by power
  /// iteration.
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
    // Start with the column of the largest variance: never orthogonal to the
    // axis for a covariance.
    let start = (0..<dimension).max { entry($0, $0) < entry($1, $1) } ?? 0
    var vector = (0..<dimension).map { entry($0, start) }
    var value = 0.0
    for _ in 0..<12 {
      let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
      guard length > 0 else {
        return (0, [Double](repeating: 0, count: dimension))
      }
      let unit = vector.map { $0 / length }
      vector = (0..<dimension).map { i in
        (0..<dimension).map { entry(i, $0) * unit[$0] }.reduce(0, +)
      }
      value = zip(vector, unit).map { $0 * $1 }.reduce(0, +)
    }
    let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
    guard length > 0 else {
      return (0, [Double](repeating: 0, count: dimension))
    }
    return (value, vector.map { $0 / length })
  }
}

/// What a `ProfilePass` adds up for one component: weight, cost of removal, and
/// the upper triangle of Σ w (y − μ)(y − μ)ᵀ.
enum ProfileRow {
  /// The numbers of a row.
  static func width(_ dimension: Int) -> Int {
    2 + dimension * (dimension + 1) / 2
  }
}
