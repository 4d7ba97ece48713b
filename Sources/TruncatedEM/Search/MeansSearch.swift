package import ParallelWork

/// Finds means to start from: greedy k-means++, annealing of C', Lloyd, and
/// split and merge, on the means of small boxes in place of the points.
package struct MeansSearch: Sendable {
  /// The most independent searches where points are few.
  private static let mostSearches = 8

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
    let coarse = tree.coarsened(
      to: max(
        plan.coarsePoints, plan.coarsePointsPerComponent * components))
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
    if isFine {
      best = WorkMeter.part(coarseShare...1) {
        var fine = Expectation(tree: tree, workers: workers)
        let start = fine.lloyd(
          from: best.model, iterations: plan.lloydIterations, tolerance: 1e-5)
        return splitAndMerge(
          &fine, start, rounds: plan.fineRounds, &generator)
      }
    }
    return best.model
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
