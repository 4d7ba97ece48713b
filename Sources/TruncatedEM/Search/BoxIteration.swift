import ParallelWork

/// Iterations of EM over boxes of points: all points of a box have the
/// responsibilities of its mean.
///
/// That only restricts the posterior: F of the boxes is a lower bound of F of the
/// points, and the M-step that is best for it adds the scatter within boxes to σ²
/// (J. Verbeek, J. Nunnink and N. Vlassis, "Accelerated EM-based clustering of
/// large data sets", Data Mining and Knowledge Discovery 13, 2006, section 2).
struct BoxIteration {
  /// The boxes, as points.
  let boxes: PointTree

  /// The variance within boxes, what they add to σ².
  let within: Double

  /// C', 2 to the number of components.
  let truncation: Truncation

  /// The least σ².
  private let floor: Double

  private var expectation: Expectation
  private let partial: NeighbourhoodExpectation?

  /// Iterations over boxes.
  ///
  /// - Parameters:
  ///   - boxes: The boxes.
  ///   - tree: The points.
  ///   - components: C.
  ///   - truncation: C'.
  ///   - eStep: Among which components a box looks for its C'.
  ///   - workers: The threads to use.
  init(
    boxes: PointTree, of tree: PointTree, components: Int,
    truncation: Truncation, eStep: EStep, _ workers: Workers
  ) {
    self.boxes = boxes
    self.truncation = truncation
    within = max(0, tree.scatter - boxes.scatter) / tree.scale
    floor = tree.leastVariance
    expectation = Expectation(
      tree: boxes, workers: workers, truncation: truncation.count)
    partial =
      if case .neighbourhood(let size) = eStep {
        NeighbourhoodExpectation(
          boxes, components: components, truncation: truncation.count,
          size: size, workers: workers)
      } else {
        nil
      }
  }

  /// The parameters for means whose variance is not known, from a hard
  /// assignment to them.
  ///
  /// - Returns: Them; `nil` where boxes are as wide as components.
  mutating func model(of means: MixtureModel) -> MixtureModel? {
    let between = expectation.assignment(to: means).variance
    guard between > within else { return nil }
    var model = means
    model.variance = max(floor, between + within)
    return model
  }

  /// An E-step and an M-step.
  ///
  /// - Parameter model: The parameters.
  /// - Returns: F with them, the bound of F of the points, and the new ones.
  mutating func callAsFunction(
    _ model: MixtureModel
  ) -> (freeEnergy: Double, next: MixtureModel) {
    let outcome = partial?.outcome(of: model) ?? expectation.outcome(of: model)
    var next = outcome.statistics.maximized(
      from: model, totalWeight: outcome.totalWeight, floor: floor
    ).model
    next.variance += within
    return (
      outcome.freeEnergy - outcome.totalWeight * Double(model.dimension)
        * within / (2 * model.variance), next
    )
  }

  /// What a search for swaps wants to know of a model.
  mutating func searchState(
    of model: MixtureModel, neighbours: Int
  ) -> SearchState {
    SearchState(
      model, neighbours: neighbours, keepsMeans: true, &expectation)
  }
}

extension PointTree {
  /// Σ_n w_n |y_n − ȳ|².
  fileprivate var scatter: Double { sums[SufficientStatistics.Row.scatter] }

  /// D N.
  fileprivate var scale: Double {
    Double(dimension) * sums[SufficientStatistics.Row.weight]
  }
}
