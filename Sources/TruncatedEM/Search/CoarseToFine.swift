import CLibrary
import ParallelWork

/// Brings the means that a hard search has found near the optimum of C' > 1, with
/// iterations on few boxes of points, then on more, and on those with swaps that
/// raise F.
///
/// See `BoxIteration` and `SoftSwapSearch`.
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

  private let plan: SearchPlan
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
    plan = SearchPlan(options.effort)
    self.tree = tree
    self.truncation = truncation
    self.options = options
  }

  /// Iterates.
  ///
  /// - Parameter start: The means that a search has found.
  /// - Returns: Parameters to go on from; `nil` where boxes would be as wide as
  ///   components, or the means explain every point.
  /// - Complexity: O(points × D), and the iterations on boxes.
  package func outcome(from start: MixtureModel) -> Outcome? {
    if case .neighbourhood = options.eStep,
      tree.dimension > WeightedPoints.fastDimension
    {
      return nil
    }
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
    // Few points need no boxes.
    if levels.isEmpty { levels = [tree] }
    for (place, level) in levels.enumerated().reversed() {
      var iteration = BoxIteration(
        boxes: level, of: tree, components: start.components,
        truncation: truncation, eStep: options.eStep, workers)
      if freeEnergies == nil {
        guard let first = iteration.model(of: model) else { continue }
        model = first
      }
      var outcome = iterated(&iteration, from: model)
      freeEnergies = (freeEnergies ?? []) + outcome.freeEnergies
      let search = SoftSwapSearch(
        rounds: plan.softRounds, failures: plan.softFailures, workers: workers)
      // What partial E-steps keep depends on what was tried before.
      if place == 0, options.eStep == .exact,
        let better = search.improved(outcome.model, &iteration)
      {
        outcome = iterated(&iteration, from: better)
        freeEnergies = (freeEnergies ?? []) + outcome.freeEnergies
      }
      model = outcome.model
    }
    return freeEnergies.map { Outcome(model: model, freeEnergies: $0) }
  }

  /// Runs iterations with momentum until F rises by less than the tolerance.
  private func iterated(
    _ iteration: inout BoxIteration, from start: MixtureModel
  ) -> Outcome {
    let total = iteration.boxes.points.totalWeight
    let shift = options.shift(tree.leastVariance, dimension: tree.dimension)
    var model = start
    var previous = start
    var last = -Double.infinity
    var freeEnergies: [Double] = []
    for _ in 0..<plan.boxIterations where !WorkMeter.isCancelled {
      let (freeEnergy, next) = iteration(model)
      freeEnergies.append(freeEnergy / total)
      let rose = freeEnergy - last
      model = next
      if rose > 0 { model.goOn(from: previous, momentum: Self.momentum) }
      previous = next
      last = freeEnergy
      let scale = abs(freeEnergy + total * shift)
      if abs(rose) < max(1e-7, options.tolerance) * scale { break }
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
