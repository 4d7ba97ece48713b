import CLibrary
import ParallelWork

/// Brings the means that a hard search has found near the optimum of C' > 1, with
/// iterations on few boxes of points, then on more.
///
/// All points of a box have the responsibilities of its mean. That only
/// restricts the posterior: F of the boxes is a lower bound of F of the points,
/// and the M-step that is best for it adds the scatter within boxes to σ² (J.
/// Verbeek, J. Nunnink and N. Vlassis, "Accelerated EM-based clustering of large
/// data sets", Data Mining and Knowledge Discovery 13, 2006, section 2).
package struct CoarseToFine: Sendable {
  /// Where the iterations on boxes end.
  package struct Outcome: Sendable {
    /// The parameters.
    package let model: MixtureModel

    /// F per unit of weight of each iteration, in nats: lower bounds of F of the
    /// points with the parameters of that iteration.
    package let freeEnergies: [Double]
  }

  /// What twice the boxes of the search are divided by: first there are half as
  /// many as the search has, then twice as many.
  private static let shares = [4, 1]

  /// How far an iteration goes on in the direction of the one before.
  private static let momentum = 0.9

  private let tree: PointTree
  private let truncation: Truncation
  private let options: FitOptions

  /// Iterations on boxes of points.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - truncation: C', 2 to the number of components.
  ///   - options: How to fit; not a general mixture.
  package init(tree: PointTree, truncation: Truncation, options: FitOptions) {
    self.tree = tree
    self.truncation = truncation
    self.options = options
  }

  /// Iterates.
  ///
  /// - Parameter start: The means that a search has found.
  /// - Returns: Parameters to go on from; `nil` where there are too few points
  ///   for boxes, or where boxes would be as wide as components.
  /// - Complexity: O(points × D), and the iterations on boxes.
  package func outcome(from start: MixtureModel) -> Outcome? {
    if case .neighbourhood = options.eStep,
      tree.dimension > WeightedPoints.fastDimension
    {
      return nil
    }
    let plan = SearchPlan(options.effort)
    let workers = Workers(threads: options.threads)
    let most = max(
      2 * plan.coarsePoints,
      2 * plan.coarsePointsPerComponent * start.components)
    var model = start
    var freeEnergies: [Double]?
    var boxes = tree
    var levels: [PointTree] = []
    for share in Self.shares.reversed() {
      let fewer = boxes.coarsened(to: most / share, workers: workers)
      // Hardly fewer would take hardly less time than the points.
      guard 2 * fewer.points.count <= boxes.points.count else { continue }
      levels.append(fewer)
      boxes = fewer
    }
    for level in levels.reversed() {
      let within = max(0, tree.scatter - level.scatter) / tree.scale
      if freeEnergies == nil {
        var hard = Expectation(tree: level, workers: workers)
        let between = hard.assignment(to: model).variance
        guard between > within else { continue }
        model.variance = max(tree.leastVariance, between + within)
      }
      let outcome = iterated(on: level, from: model, within: within, workers)
      model = outcome.model
      freeEnergies = (freeEnergies ?? []) + outcome.freeEnergies
    }
    return freeEnergies.map { Outcome(model: model, freeEnergies: $0) }
  }

  /// Runs iterations on the means of boxes.
  private func iterated(
    on boxes: PointTree, from start: MixtureModel, within: Double,
    _ workers: Workers
  ) -> Outcome {
    if case .neighbourhood(let size) = options.eStep {
      let step = NeighbourhoodExpectation(
        boxes, components: start.components, truncation: truncation.count,
        size: size, workers: workers)
      return iterated(from: start, within: within) { step.outcome(of: $0) }
    }
    var step = Expectation(
      tree: boxes, workers: workers, truncation: truncation.count)
    return iterated(from: start, within: within) { step.outcome(of: $0) }
  }

  private func iterated(
    from start: MixtureModel, within: Double,
    _ outcome: (MixtureModel) -> ExpectationOutcome
  ) -> Outcome {
    var model = start
    var previous = start
    var last = -Double.infinity
    var freeEnergies: [Double] = []
    for _ in 0..<options.maximumIterations where !WorkMeter.isCancelled {
      let outcome = outcome(model)
      let freeEnergy =
        outcome.freeEnergy
        - outcome.totalWeight * Double(start.dimension) * within
        / (2 * model.variance)
      freeEnergies.append(freeEnergy / outcome.totalWeight)
      let rose = freeEnergy - last
      var next = outcome.statistics.maximized(
        from: model, totalWeight: outcome.totalWeight,
        floor: tree.leastVariance
      ).model
      next.variance += within
      model = next
      if rose > 0 { model.goOn(from: previous, momentum: Self.momentum) }
      previous = next
      last = freeEnergy
      let least = max(1e-7, options.tolerance) * abs(freeEnergy)
      if abs(rose) < least { break }
    }
    return Outcome(model: previous, freeEnergies: freeEnergies)
  }
}

extension MixtureModel {
  /// Goes on in the direction from other parameters: means by a share of the
  /// difference, the variance by that of its logarithm.
  fileprivate mutating func goOn(
    from previous: MixtureModel, momentum: Double
  ) {
    for i in means.indices {
      means[i] += momentum * (means[i] - previous.means[i])
    }
    variance *= pow(variance / previous.variance, momentum)
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
