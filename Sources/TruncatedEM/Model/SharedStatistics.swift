/// What an E-step over some of the points tells the M-step over all of them.
///
/// Points that are too many for one process are cut into parts. Each part has
/// statistics, their sum is that of all points, and the M-step needs nothing
/// else (arXiv 1704.04812, section 2: its sums go over points):
///
///     var sum = SharedStatistics(of: model)
///     for tree in parts {
///       sum.add(try engine.statistics(of: tree, under: model, truncation: .hard))
///     }
///     model = sum.maximized(from: model)
///
/// Sums of floating point numbers depend on their order in the last digits.
public struct SharedStatistics: Sendable {
  private(set) var outcome: ExpectationOutcome

  init(_ outcome: ExpectationOutcome) { self.outcome = outcome }

  /// Statistics of no points.
  ///
  /// - Parameter model: The parameters that go into the E-step.
  public init(of model: MixtureModel) {
    outcome = ExpectationOutcome(
      statistics: SufficientStatistics(
        components: model.components, dimension: model.dimension),
      freeEnergy: 0, inertia: 0, totalWeight: 0, leastVariance: 0)
  }

  /// Statistics from ``numbers``; `nil` where there are more or fewer than the
  /// model has, or one is not finite, or a weight is negative.
  ///
  /// - Parameters:
  ///   - numbers: As many as those of `model`.
  ///   - model: The parameters that went into the E-step.
  public init?(numbers: [Double], of model: MixtureModel) {
    self.init(of: model)
    guard numbers.count == Self.count(of: model),
      numbers.allSatisfy(\.isFinite), numbers[2] >= 0, numbers[3] >= 0
    else { return nil }
    outcome.freeEnergy = numbers[0]
    outcome.inertia = numbers[1]
    outcome.totalWeight = numbers[2]
    outcome.leastVariance = numbers[3]
    let rows = outcome.statistics.values.count
    outcome.statistics.values = Array(
      numbers[Self.totals..<Self.totals + rows])
    outcome.statistics.seconds = Array(numbers[(Self.totals + rows)...])
    let width = outcome.statistics.width
    for row in stride(from: 0, to: outcome.statistics.values.count, by: width)
    where outcome.statistics.values[row] < 0 {
      return nil
    }
  }

  private static let totals = 4

  /// How many ``numbers`` a model's statistics have: 4 + C (D + 2), and as many as
  /// its covariance matrices.
  public static func count(of model: MixtureModel) -> Int {
    totals + model.components * StatisticsRow<Double>.width(model.dimension)
      + (model.covariances?.values.count ?? 0)
  }

  /// F, J, the weight of all points, and the least variance; then for each
  /// component Σ w q, Σ w q |y − μ|², and Σ w q y, a number a dimension; then, of
  /// models with covariance matrices, for each component Σ w q (y − μ)(y − μ)ᵀ,
  /// stored as those. All but the least variance, of which the greatest counts, are
  /// sums over points.
  public var numbers: [Double] {
    [freeEnergy, inertia, totalWeight, outcome.leastVariance]
      + outcome.statistics.values + outcome.statistics.seconds
  }

  /// F of the points under the model that went into the E-step, in nats.
  public var freeEnergy: Double { outcome.freeEnergy }

  /// J, the sum of weighted squared distances to the nearest mean.
  public var inertia: Double { outcome.inertia }

  /// Σ_n w_n q_n(c), by component.
  public var weights: [Double] {
    (0..<outcome.statistics.components).map { outcome.statistics.weight($0) }
  }

  /// The weight of all points.
  public var totalWeight: Double { outcome.totalWeight }

  /// Adds what other points give under the same model.
  public mutating func add(_ other: SharedStatistics) {
    outcome.add(other.outcome)
  }

  /// The M-step.
  ///
  /// - Parameter model: The parameters that went into the E-step. Variances and
  ///   mixing weights are learned where it has them.
  /// - Returns: The parameters that are best for these responsibilities.
  ///   Components without points stay as they are.
  /// - Complexity: O(components × D).
  public func maximized(from model: MixtureModel) -> MixtureModel {
    guard outcome.totalWeight > 0 else { return model }
    return outcome.statistics.maximized(
      from: model, totalWeight: outcome.totalWeight,
      floor: max(outcome.leastVariance, .leastNormalMagnitude)
    ).model
  }
}

extension TruncatedEM {
  /// The E-step over some of the points.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - model: The parameters. A variance of 0 is given the least that a fit
  ///     to these points would give it.
  ///   - truncation: C'.
  /// - Returns: Their statistics.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: That of one iteration.
  public func statistics(
    of tree: PointTree, under model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> SharedStatistics {
    var expectation = try expectation(tree, model, truncation)
    return SharedStatistics(
      expectation.outcome(of: model.floored(tree.leastVariance)))
  }
}
