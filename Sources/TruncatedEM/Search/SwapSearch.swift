import ParallelWork

/// Improves a k-means solution by moves that Lloyd's iterations cannot make: a
/// component is removed where it is hardly missed, and another is split where
/// that helps most.
///
/// A swap is tried on the points of the two components and of their nearest
/// neighbours alone: a few Lloyd iterations among those components show whether
/// J falls, at a cost that does not grow with k. Several swaps are tried at once;
/// of those that help, the best are kept as far as they do not touch each other,
/// and only what is near them is computed anew. From time to time an iteration
/// over all points lets the rest follow. (In the spirit of B. Fritzke, "The
/// breathing k-means algorithm", arXiv 2006.15666, H. Ismkhan, "I-k-means-+",
/// Pattern Recognition 79, 2018, doi 10.1016/j.patcog.2018.02.015, and P. Fränti,
/// "Efficiency of random swap clustering", Journal of Big Data 5:13, 2018, doi
/// 10.1186/s40537-018-0122-y; docs/guides/annealing-and-search.md.)
struct SwapSearch: Sendable {
  /// The most rounds.
  let rounds: Int

  /// Rounds without success after which to give up.
  let failures: Int

  /// Neighbours of each of the two components that take part.
  private static let neighbours = 6

  /// Rounds with success after which all points are assigned anew.
  private static let roundsBetweenPasses = 4

  /// With more components a cluster has few colours, and swaps are not worth
  /// their time.
  private static let mostComponents = 4_096

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
    guard (3...Self.mostComponents).contains(components), rounds > 0,
      !WorkMeter.isCancelled
    else { return start }
    var state = SearchState(
      start.model, neighbours: Self.neighbours, &expectation)
    var proposals = SwapProposals(components: components)
    var failed = 0
    var changes = 0
    for round in 0..<rounds where failed <= failures {
      WorkMeter.current?.tell(round, of: rounds)
      let inertia = state.inertia
      guard inertia > 0, !WorkMeter.isCancelled else { break }
      let swaps = proposals.next(state, &generator)
      let trials = expectation.workers.map(swaps.count) { [state] i in
        SwapTrial(swaps[i], in: state)
      }
      var isTaken = [Bool](repeating: false, count: components)
      var kept: [SwapTrial] = []
      for trial in trials.sorted(by: { $0.gain > $1.gain })
      where trial.gain > 1e-7 * inertia
        && !trial.components.contains(where: { isTaken[$0] })
      {
        for c in trial.components { isTaken[c] = true }
        kept.append(trial)
      }
      proposals.add(swaps, changed: isTaken)
      failed = kept.isEmpty ? failed + 1 : 0
      if !kept.isEmpty {
        state.apply(kept)
        changes += 1
      }
      guard !WorkMeter.isCancelled else { break }
      if changes == Self.roundsBetweenPasses || (kept.isEmpty && changes > 0) {
        state = SearchState(
          state.model, neighbours: Self.neighbours, &expectation)
        changes = 0
      } else if swaps.isEmpty {
        break
      }
    }
    return expectation.lloyd(from: state.model, iterations: 2, tolerance: 0)
  }
}
