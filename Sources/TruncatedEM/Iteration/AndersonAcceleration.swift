/// Anderson's acceleration of EM: from the last few iterations, the parameters
/// at which the next one would change least.
///
/// EM maps parameters x to G(x) and ends where the step r(x) = G(x) − x is 0.
/// With the differences of the last m steps as columns of R, and those of the
/// last m results as columns of Y,
///
///     γ = argmin |r − R γ|²,    x ← G(x) − Y γ
///
/// (D. Anderson, "Iterative procedures for nonlinear integral equations",
/// Journal of the ACM 12(4), 1965; H. Walker and P. Ni, "Anderson acceleration
/// for fixed-point iterations", SIAM Journal on Numerical Analysis 49(4), 2011,
/// section 1.) Nothing says that F rises at the proposed parameters: who asks
/// for them takes those of plain EM where it does not, as do N. Henderson and
/// R. Varadhan, "Damped Anderson acceleration with restarts and monotonicity
/// control for accelerating EM and EM-like algorithms", Journal of
/// Computational and Graphical Statistics 28(4), 2019, section 3.
///
/// Parameters are `MixtureModel.logarithmicParameters`. |·| is measured by the
/// information of the complete data, in which a step of EM is one of steepest
/// ascent.
struct AndersonAcceleration {
  /// m, the most iterations to look back on.
  static let depth = 8

  /// What the diagonal of Rᵀ R is multiplied by, so that steps that are nearly
  /// dependent do not lead far away.
  private static let ridge = 1 + 1e-8

  /// The farthest that the logarithm of a variance or a mixing weight goes
  /// beyond plain EM.
  private static let farthest = 1.0

  private typealias Column = [Double]

  /// The columns of Y and of R.
  private var results: [Column] = []
  private var steps: [Column] = []
  private var last: (step: Column, result: Column)?

  /// Forgets all iterations.
  mutating func restart() {
    results.removeAll()
    steps.removeAll()
    last = nil
  }

  /// Where to go after an iteration.
  ///
  /// - Parameters:
  ///   - model: The parameters that went into its E-step.
  ///   - next: Those of its M-step.
  ///   - statistics: What the M-step knew.
  ///   - floor: The least variance.
  /// - Returns: Parameters; `nil` where there is nothing to look back on.
  /// - Complexity: O(m × C × D + m³).
  mutating func proposal(
    from model: MixtureModel, to next: MixtureModel,
    _ statistics: SufficientStatistics, floor: Double
  ) -> MixtureModel? {
    guard let before = model.logarithmicParameters,
      let result = next.logarithmicParameters
    else { return nil }
    var step = result
    for i in step.indices {
      step[i] -= before[i]
      if !step[i].isFinite { step[i] = 0 }
    }
    defer { last = (step, result) }
    guard let last else { return nil }
    if results.count == Self.depth {
      results.removeFirst()
      steps.removeFirst()
    }
    results.append(Self.difference(result, last.result))
    steps.append(Self.difference(step, last.step))
    let metric = next.information(statistics)
    guard let shares = Self.leastSquares(steps, step, metric) else {
      return nil
    }
    var proposed = result
    for (share, column) in zip(shares, results) {
      for i in proposed.indices { proposed[i] -= share * column[i] }
    }
    return next.withLogarithmicParameters(
      proposed, from: result, farthest: Self.farthest, floor: floor)
  }

  private static func difference(_ a: Column, _ b: Column) -> Column {
    var result = a
    for i in result.indices {
      result[i] -= b[i]
      if !result[i].isFinite { result[i] = 0 }
    }
    return result
  }

  /// γ by the normal equations; `nil` where they have no solution.
  private static func leastSquares(
    _ columns: [Column], _ target: Column, _ metric: Column
  ) -> [Double]? {
    var gram = SymmetricMatrix(dimension: columns.count)
    for i in columns.indices {
      for j in 0...i { gram[i, j] = product(columns[i], columns[j], metric) }
      gram[i, i] *= ridge
    }
    return gram.solution(columns.map { product($0, target, metric) })
  }

  private static func product(
    _ a: Column, _ b: Column, _ metric: Column
  ) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] * metric[i] }
    return sum
  }
}
