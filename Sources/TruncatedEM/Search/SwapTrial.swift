import ParallelWork

/// A swap, one component removed and another split, tried on the points of the
/// two and of their nearest neighbours alone.
struct SwapTrial: Sendable {
  /// One component goes, another becomes two.
  struct Swap: Hashable, Sendable {
    let removed: Int
    let split: Int
  }

  /// The swap.
  let swap: Swap

  /// The components that took part, ascending.
  let components: [Int]

  /// Their new means.
  let means: [Double]

  /// For each of their points, one component after the other, the place in
  /// `components` of its new one.
  let nearest: [UInt16]

  /// By how much J fell.
  let gain: Double

  /// Lloyd iterations of a trial.
  private static let iterations = 6

  /// A trial ends when the rest of the way is longer than this many times the
  /// last step: steps become shorter.
  private static let patience = 2.0

  /// Tries a swap.
  ///
  /// - Complexity: O(points × components × D) of those that take part.
  init(_ swap: Swap, in state: SearchState) {
    self.swap = swap
    let neighbourhood = state.neighbourhood
    let components = Set(
      [swap.removed, swap.split] + neighbourhood[swap.removed]
        + neighbourhood[swap.split]
    ).sorted()
    self.components = components
    let model = state.model
    let dimension = model.dimension
    var before = 0.0
    var means: [Double] = []
    means.reserveCapacity(components.count * dimension)
    for c in components {
      before += state.profiles[c].scatter
      if c == swap.removed {
        means += model.mean(swap.split)
      } else {
        means += model.mean(c)
      }
    }
    let step = state.profiles[swap.split].splitStep
    for (i, c) in components.enumerated() {
      let side: Double =
        c == swap.removed
        ? -1 : c == swap.split && c >= model.pinned ? 1 : 0
      for d in 0..<dimension { means[i * dimension + d] += side * step[d] }
    }
    let region = state.partition.region(of: components)
    guard region.count > 0 else {
      self.means = means
      nearest = []
      gain = 0
      return
    }
    var nearest = [UInt16](repeating: 0, count: region.count)
    let fit = region.lloyd(
      from: MixtureModel(
        uncheckedMeans: means, dimension: dimension, variance: 0,
        pinned: components.count { $0 < model.pinned }),
      iterations: Self.iterations, target: before, patience: Self.patience,
      &nearest)
    self.means = fit.model.means
    self.nearest = nearest
    gain = before - fit.inertia
  }
}

extension WeightedPoints {
  /// Lloyd's k-means without a tree: for few points and few components.
  fileprivate func lloyd(
    from start: MixtureModel, iterations: Int, target: Double,
    patience: Double, _ nearest: inout [UInt16]
  ) -> HardFit {
    let all = (0..<start.components).map { Int32(truncatingIfNeeded: $0) }
    let passes = passes
    var statistics = SufficientStatistics(
      components: start.components, dimension: dimension)
    return nearest.withUnsafeMutableBufferPointer { nearest in
      let nearest = SharedMemory(nearest).start
      return HardFit.lloyd(
        from: start, iterations: iterations, tolerance: 1e-3,
        scale: Double(dimension) * totalWeight, target: target,
        patience: patience
      ) { model in
        for i in statistics.values.indices { statistics.values[i] = 0 }
        withUnsafePoints { points in
          model.withUnsafeMeans { means in
            all.withUnsafeBufferPointer { all in
              statistics.values.withUnsafeMutableBufferPointer { rows in
                _ = passes.assign(
                  points, 0..<count, among: all, of: means,
                  into: PassOutputs(
                    statistics: SharedMemory(rows).start, nearest: nearest))
              }
            }
          }
        }
        return statistics
      }
    }
  }
}
