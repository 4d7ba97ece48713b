package import ParallelWork

/// Finds means to start from: greedy k-means++, annealing of C', Lloyd, and
/// split and merge, on the means of small boxes in place of the points; then
/// iterations on the means of smaller boxes.
package struct MeansSearch: Sendable {
  /// The most independent searches where points are few.
  private static let mostSearches = 8

  /// Finer boxes for each of the coarse ones.
  private static let refinement = 4

  /// How to spend the time.
  package let plan: SearchPlan

  /// On how many threads.
  package let workers: Workers

  /// Creates a search.
  package init(plan: SearchPlan, workers: Workers) {
    self.plan = plan
    self.workers = workers
  }

  /// Searches means.
  ///
  /// - Parameters:
  ///   - tree: The points.
  ///   - components: C.
  ///   - pinned: The first means, D numbers each, at most C; they stay.
  ///   - seed: The same seed gives the same means.
  /// - Returns: Means with a small J, the variance that belongs to it.
  package func means(
    _ tree: PointTree, components: Int, pinned: [Double] = [], seed: UInt64
  ) -> MixtureModel {
    let most = max(
      plan.coarsePoints, plan.coarsePointsPerComponent * components)
    let finer = tree.coarsened(to: Self.refinement * most, workers: workers)
    let coarse = finer.coarsened(to: most, workers: workers)
    var expectation = Expectation(tree: coarse, workers: workers)
    var generator = SeededGenerator(seed: seed)
    // Few points leave time for more than one search.
    let searches = max(
      plan.restarts,
      min(Self.mostSearches, plan.coarsePoints / coarse.points.count))
    let isFine =
      plan.fineRounds > 0 && coarse.points.count < tree.points.count
    let coarseShare = isFine ? 0.3 : 1
    func found(_ number: Int) -> HardFit {
      WorkMeter.part(0...coarseShare) {
        WorkMeter.part(number, of: searches) {
          search(&expectation, components, pinned, &generator)
        }
      }
    }
    var best = found(0)
    for number in 1..<max(1, searches) {
      let other = found(number)
      if other.inertia < best.inertia { best = other }
    }
    var model = best.model
    if plan.finerIterations > 0, coarse.points.count < finer.points.count {
      var expectation = Expectation(tree: finer, workers: workers)
      model = expectation.accelerated(
        from: model, iterations: plan.finerIterations)
    }
    if isFine {
      model = WorkMeter.part(coarseShare...1) {
        var fine = Expectation(tree: tree, workers: workers)
        let start = fine.lloyd(from: model, iterations: 2, tolerance: 0)
        return splitAndMerge(
          &fine, start, rounds: plan.fineRounds, &generator
        ).model
      }
    }
    return model
  }

  private func search(
    _ expectation: inout Expectation, _ components: Int, _ pinned: [Double],
    _ generator: inout SeededGenerator
  ) -> HardFit {
    let seeding = GreedyKMeansPlusPlus(tree: expectation.tree)
    let start = WorkMeter.part(0...0.3) {
      MixtureModel(
        uncheckedMeans: seeding.means(
          components, pinned: pinned, draws: plan.draws, &generator),
        dimension: expectation.points.dimension, variance: 0,
        pinned: pinned.count / expectation.points.dimension)
    }
    var best = WorkMeter.part(0.3...0.4) {
      expectation.lloyd(
        from: start, iterations: plan.lloydIterations, tolerance: 1e-4)
    }
    if plan.softIterations > 0, components > 1 {
      let softened = WorkMeter.part(0.4...0.6) {
        annealed(&expectation, start, from: min(3, components))
      }
      if softened.inertia < best.inertia { best = softened }
    }
    return WorkMeter.part(0.6...1) {
      splitAndMerge(&expectation, best, rounds: plan.rounds, &generator)
    }
  }

  /// Soft iterations with C' falling to 2, then hard ones.
  private func annealed(
    _ expectation: inout Expectation, _ start: MixtureModel,
    from truncation: Int
  ) -> HardFit {
    var model = start
    let floor = expectation.tree.leastVariance
    let dimension = Double(start.dimension)
    let scale = dimension / (dimension + Double(plan.copiedCoordinates))
    model.variance = max(
      floor,
      scale
        * expectation.variance(
          ofInertia: expectation.hardStatistics(of: start).1.inertia))
    for cprime in stride(from: truncation, through: 2, by: -1) {
      model = expectation.softened(
        model, truncation: cprime, iterations: plan.softIterations,
        floor: floor, scale: scale)
    }
    return expectation.lloyd(
      from: model, iterations: plan.lloydIterations, tolerance: 1e-4)
  }

  private func splitAndMerge(
    _ expectation: inout Expectation, _ start: HardFit, rounds: Int,
    _ generator: inout SeededGenerator
  ) -> HardFit {
    let search = SwapSearch(rounds: rounds, failures: plan.failures)
    return search.improved(start, &expectation, &generator)
  }
}
