import ParallelWork

/// A swap, one component removed and another split, judged by F at C' > 1 on the
/// points of the two and of their nearest neighbours alone.
struct SoftSwapTrial: Sendable {
  /// The components that took part, ascending.
  let components: [Int]

  /// Their new means.
  let means: [Double]

  /// By how much F is more than after as many iterations without the swap.
  let gain: Double

  /// Iterations of a trial.
  private static let iterations = 5

  /// A trial ends when the rest of the way is longer than this many times the
  /// last step: steps become shorter.
  private static let patience = 3.0

  /// Tries a swap. σ² stays as it is: one component changes it little.
  ///
  /// - Parameters:
  ///   - swap: The swap.
  ///   - state: The means as they are, and which points are near them.
  ///   - truncation: C'.
  /// - Complexity: O(points × components × D) of those that take part.
  init(_ swap: SwapTrial.Swap, in state: SearchState, truncation: Int) {
    let model = state.model
    let dimension = model.dimension
    let neighbourhood = state.neighbourhood
    let components = Set(
      [swap.removed, swap.split] + neighbourhood[swap.removed]
        + neighbourhood[swap.split]
    ).sorted()
    self.components = components
    let step = state.profiles[swap.split].splitStep
    var before = MixtureModel(
      uncheckedMeans: components.flatMap { model.mean($0) },
      dimension: dimension, variance: model.variance,
      pinned: components.count { $0 < model.pinned })
    var after = before
    for (i, c) in components.enumerated() {
      let isMoved = c == swap.removed || (c == swap.split && c >= model.pinned)
      guard isMoved else { continue }
      let side: Double = c == swap.removed ? -1 : 1
      for d in 0..<dimension {
        after.means[i * dimension + d] =
          model.means[swap.split * dimension + d] + side * step[d]
      }
    }
    let region = state.partition.region(of: components)
    guard region.count > 0 else {
      means = before.means
      gain = 0
      return
    }
    // A leaf for each component.
    let keys = components.enumerated().flatMap { place, c in
      [UInt64](repeating: UInt64(place), count: state.partition[c].count)
    }
    let tree = PointTree(
      sorted: region, keys: keys, workers: Workers(threads: 1))
    let control = tree.iterate(
      &before, truncation: truncation, Self.iterations, target: -.infinity,
      patience: Self.patience)
    let reached = tree.iterate(
      &after, truncation: truncation, Self.iterations, target: control,
      patience: Self.patience)
    means = after.means
    gain = reached - control
  }
}

extension PointTree {
  /// Runs iterations that leave σ² as it is.
  ///
  /// - Returns: F of the last, which went into the means.
  fileprivate func iterate(
    _ model: inout MixtureModel, truncation: Int, _ iterations: Int,
    target: Double, patience: Double
  ) -> Double {
    var expectation = Expectation(
      tree: self, workers: Workers(threads: 1),
      truncation: min(truncation, model.components))
    let variance = model.variance
    var last = -Double.infinity
    for iteration in 0..<iterations {
      let outcome = expectation.outcome(of: model)
      let rose = outcome.freeEnergy - last
      last = outcome.freeEnergy
      if iteration > 0, last + patience * rose < target { break }
      model =
        outcome.statistics
        .maximized(from: model, totalWeight: outcome.totalWeight, floor: 0)
        .model
      model.variance = variance
    }
    return last
  }
}
