import ParallelWork

/// Improves a k-means solution by moves that Lloyd's iterations cannot make: a
/// component is removed where it is hardly missed, and another is split where
/// that helps most.
///
/// A swap is tried on the points of the two components and of their nearest
/// neighbours alone: a few Lloyd iterations among those components show whether
/// J falls, at a cost that does not grow with k. Several swaps are tried at once;
/// of those that help, the best are kept as far as they do not touch each other.
/// (In the spirit of B. Fritzke, "The breathing k-means algorithm", arXiv
/// 2006.15666, and P. Fränti, "Efficiency of random swap clustering", Journal of
/// Big Data 5:13, 2018, doi 10.1186/s40537-018-0122-y;
/// docs/guides/annealing-and-search.md.)
struct SwapSearch: Sendable {
  /// The most rounds.
  let rounds: Int

  /// Rounds without success after which to give up.
  let failures: Int

  /// How many swaps are tried at once; not the number of threads, so that the
  /// result does not depend on it.
  private static let swapsInRound = 8

  /// Neighbours of each of the two components that take part.
  private static let neighbours = 6

  /// Lloyd iterations of a trial.
  private static let trialIterations = 6

  /// With more components, finding all neighbours in each round costs more than
  /// swaps are worth: a cluster then has few colours.
  private static let mostComponents = 4_096

  /// A swap: one component goes, another is split.
  private struct Swap: Sendable {
    let removed: Int
    let split: Int
  }

  /// What a trial found.
  private struct Trial: Sendable {
    /// The components that took part.
    var components: [Int]

    /// Their new means.
    var means: [Double]

    /// By how much J fell.
    var gain: Double
  }

  /// Improves a solution.
  ///
  /// - Parameters:
  ///   - start: A solution.
  ///   - expectation: Runs the passes over all points.
  ///   - generator: Where random swaps come from.
  /// - Returns: A solution whose J is not larger.
  func improved(
    _ start: HardFit, _ expectation: inout Expectation,
    _ generator: inout SeededGenerator
  ) -> HardFit {
    let components = start.model.components
    guard (3...Self.mostComponents).contains(components), rounds > 0 else {
      return start
    }
    var model = start.model
    var failed = 0
    for round in 0..<rounds where failed <= failures {
      WorkMeter.current?.tell(round, of: rounds)
      // Each round begins with an iteration of Lloyd's: the means are those of
      // the partition, and their J is known.
      let (fit, nearest) = expectation.assigned(model)
      guard fit.inertia > 0 else { return fit }
      model = fit.model
      let neighbourhood = Neighbourhood(
        of: model, size: Self.neighbours, workers: expectation.workers)
      let partition = Partition(
        expectation.points, by: nearest, components: components)
      let profiles = profiles(
        of: model, partition, neighbourhood, expectation.workers)
      let swaps = swaps(
        profiles, pinned: model.pinned, isFirst: round == 0, &generator)
      let trials = expectation.workers.map(swaps.count) { i in
        trial(swaps[i], fit.model, partition, neighbourhood, profiles)
      }
      var touched = Set<Int>()
      for trial in trials.sorted(by: { $0.gain > $1.gain })
      where trial.gain > 1e-7 * fit.inertia
        && touched.isDisjoint(with: trial.components)
      {
        touched.formUnion(trial.components)
        model.replaceMeans(of: trial.components, by: trial.means)
      }
      failed = touched.isEmpty ? failed + 1 : 0
    }
    return expectation.lloyd(from: model, iterations: 2, tolerance: 0)
  }

  private func profiles(
    of model: MixtureModel, _ partition: Partition,
    _ neighbourhood: Neighbourhood, _ workers: Workers
  ) -> [ComponentProfile] {
    let passes = partition.points.passes
    return partition.points.withUnsafePoints { points in
      model.withUnsafeMeans { means in
        workers.map(model.components) { c in
          passes.profile(
            points, partition[c], of: c, among: neighbourhood[c], of: means)
        }
      }
    }
  }

  /// The swaps to try: first the most promising, later random ones that prefer
  /// what costs little and helps much.
  private func swaps(
    _ profiles: [ComponentProfile], pinned: Int, isFirst: Bool,
    _ generator: inout SeededGenerator
  ) -> [Swap] {
    guard pinned < profiles.count else { return [] }
    if isFirst {
      let cheapest = profiles.indices.dropFirst(pinned).sorted {
        (profiles[$0].removalCost, $0) < (profiles[$1].removalCost, $1)
      }
      let widest = profiles.indices.sorted {
        (profiles[$0].splitGain, $1) > (profiles[$1].splitGain, $0)
      }
      return zip(cheapest, widest).prefix(Self.swapsInRound)
        .filter { $0 != $1 }.map { Swap(removed: $0, split: $1) }
    }
    return (0..<Self.swapsInRound).compactMap { _ in
      drawn(profiles, pinned: pinned, &generator)
    }
  }

  private func drawn(
    _ profiles: [ComponentProfile], pinned: Int,
    _ generator: inout SeededGenerator
  ) -> Swap? {
    func draw(
      from first: Int = 0, _ weight: (ComponentProfile) -> Double
    ) -> Int {
      let weights = profiles.dropFirst(first).map(weight)
      var rest = generator.nextUnit() * weights.reduce(0, +)
      for (c, weight) in weights.enumerated() {
        rest -= weight
        if rest < 0 { return first + c }
      }
      return profiles.count - 1
    }
    let split = draw { $0.splitGain * $0.splitGain }
    let scale = profiles[split].splitGain
    guard scale > 0 else { return nil }
    // What costs many times the gain is never worth a try.
    let removed = draw(from: pinned) { profile in
      let ratio = profile.removalCost / scale
      return ratio > 4 ? 0 : 1 / (0.05 + ratio * ratio)
    }
    return removed == split ? nil : Swap(removed: removed, split: split)
  }

  /// Tries a swap on the points of the components that take part.
  private func trial(
    _ swap: Swap, _ model: MixtureModel, _ partition: Partition,
    _ neighbourhood: Neighbourhood, _ profiles: [ComponentProfile]
  ) -> Trial {
    let components = Set(
      [swap.removed, swap.split] + neighbourhood[swap.removed]
        + neighbourhood[swap.split]
    ).sorted()
    let before = components.map { profiles[$0].scatter }.reduce(0, +)
    let dimension = model.dimension
    var means = components.flatMap { model.mean($0) }
    if let removed = components.firstIndex(of: swap.removed),
      let split = components.firstIndex(of: swap.split)
    {
      for d in 0..<dimension {
        let mean = means[split * dimension + d]
        let step = profiles[swap.split].splitStep[d]
        if swap.split >= model.pinned {
          means[split * dimension + d] = mean + step
        }
        means[removed * dimension + d] = mean - step
      }
    }
    let region = partition.region(of: components)
    guard region.count > 0 else {
      return Trial(components: components, means: means, gain: 0)
    }
    let fit = region.lloyd(
      from: MixtureModel(
        uncheckedMeans: means, dimension: dimension, variance: 0,
        pinned: components.count { $0 < model.pinned }),
      iterations: Self.trialIterations, tolerance: 1e-3)
    return Trial(
      components: components, means: fit.model.means,
      gain: before - fit.inertia)
  }
}

extension WeightedPoints {
  /// Lloyd's k-means without a tree: for few points and few components.
  fileprivate func lloyd(
    from start: MixtureModel, iterations: Int, tolerance: Double
  ) -> HardFit {
    let all = (0..<start.components).map { Int32(truncatingIfNeeded: $0) }
    return HardFit.lloyd(
      from: start, iterations: iterations, tolerance: tolerance,
      scale: Double(dimension) * totalWeight
    ) { model in
      var statistics = SufficientStatistics(
        components: model.components, dimension: dimension)
      withUnsafePoints { points in
        model.withUnsafeMeans { means in
          all.withUnsafeBufferPointer { all in
            statistics.values.withUnsafeMutableBufferPointer { rows in
              _ = passes.assign(
                points, 0..<count, among: all, of: means,
                into: PassOutputs(
                  statistics: SharedMemory(rows).start, nearest: nil))
            }
          }
        }
      }
      return statistics
    }
  }
}

extension MixtureModel {
  /// Gives some components other means.
  fileprivate mutating func replaceMeans(
    of components: [Int], by values: [Double]
  ) {
    for (i, c) in components.enumerated() {
      for d in 0..<dimension {
        means[c * dimension + d] = values[i * dimension + d]
      }
    }
  }
}
