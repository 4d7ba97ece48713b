import ParallelWork

/// Raises F at C' > 1 by moves that iterations cannot make: a component is removed
/// where it is hardly missed, and another is split where that helps most.
///
/// `SwapSearch` has found means for C' = 1; the best ones for another C' are not
/// only a matter of iterations. What is proposed is what that search would try.
/// Each swap is judged by F at the C' asked for, on the points near its two
/// components (`SoftSwapTrial`); those that help, and do not touch each other, are
/// made together, and are kept where an iteration over all points confirms that
/// F is more than without them.
struct SoftSwapSearch: Sendable {
  /// The most rounds.
  let rounds: Int

  /// Rounds without success after which to give up.
  let failures: Int

  /// The threads to use.
  let workers: Workers

  /// Neighbours of each of the two components that take part.
  private static let neighbours = 6

  /// With more components swaps are not worth their time.
  private static let mostComponents = 4_096

  /// The least gain of a swap, per unit of weight, in nats.
  private static let leastGain = 1e-6

  /// Improves a model.
  ///
  /// - Parameters:
  ///   - start: A model.
  ///   - iteration: The iterations.
  /// - Returns: A model with a larger F, `nil` where no swap helped.
  /// - Complexity: A round is O(points × D) a swap and component near it, of the
  ///   points near it, and two iterations.
  func improved(
    _ start: MixtureModel, _ iteration: inout BoxIteration
  ) -> MixtureModel? {
    let components = start.components
    guard (3...Self.mostComponents).contains(components), rounds > 0 else {
      return nil
    }
    let total = iteration.boxes.points.totalWeight
    let truncation = iteration.truncation.count
    var generator = SeededGenerator(seed: 0)
    var proposals = SwapProposals(components: components)
    var model = start
    var next = iteration(model).next
    var failed = 0
    var isBetter = false
    for _ in 0..<rounds where failed < failures && !WorkMeter.isCancelled {
      let state = iteration.searchState(of: model, neighbours: Self.neighbours)
      let swaps = proposals.next(state, &generator)
      guard !swaps.isEmpty else { break }
      let trials = workers.map(swaps.count) { i in
        SoftSwapTrial(swaps[i], in: state, truncation: truncation)
      }
      var kept = Self.disjoint(
        trials.filter { $0.gain > Self.leastGain * total }, components)
      var isChanged = [Bool](repeating: false, count: components)
      failed += 1
      if !kept.isEmpty {
        let plain = iteration(next)
        // Where all together do not help, the better half may.
        while !kept.isEmpty {
          let first = iteration(model.replacing(kept)).next
          let swapped = iteration(first)
          if swapped.freeEnergy > plain.freeEnergy {
            for c in kept.flatMap(\.components) { isChanged[c] = true }
            model = first
            next = swapped.next
            isBetter = true
            failed = 0
            break
          }
          kept.removeLast((kept.count + 1) / 2)
        }
      }
      proposals.add(swaps, changed: isChanged)
    }
    return isBetter ? next : nil
  }

  /// The trials with the largest gains that have no component in common.
  private static func disjoint(
    _ trials: [SoftSwapTrial], _ components: Int
  ) -> [SoftSwapTrial] {
    var isTaken = [Bool](repeating: false, count: components)
    return trials.sorted { $0.gain > $1.gain }.filter { trial in
      guard !trial.components.contains(where: { isTaken[$0] }) else {
        return false
      }
      for c in trial.components { isTaken[c] = true }
      return true
    }
  }
}

extension MixtureModel {
  /// The model with the means that trials found.
  fileprivate func replacing(_ trials: [SoftSwapTrial]) -> MixtureModel {
    var model = self
    for trial in trials {
      for (i, c) in trial.components.enumerated() {
        for d in 0..<dimension {
          model.means[c * dimension + d] = trial.means[i * dimension + d]
        }
      }
    }
    return model
  }
}
