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
  typealias Swap = SwapTrial.Swap

  /// The most rounds.
  let rounds: Int

  /// Rounds without success after which to give up.
  let failures: Int

  /// Neighbours of each of the two components that take part.
  private static let neighbours = 6

  /// Rounds with success after which all points are assigned anew.
  private static let roundsBetweenPasses = 4

  /// A swap that was tried is drawn again so many times.
  private static let redraws = 8

  /// With more components a cluster has few colours, and swaps are not worth
  /// their time.
  private static let mostComponents = 4_096

  /// How many swaps are tried at once; not the number of threads, so that the
  /// result does not depend on it.
  private static func swapsInRound(_ components: Int) -> Int {
    max(8, components / 8)
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
    guard (3...Self.mostComponents).contains(components), rounds > 0,
      !WorkMeter.isCancelled
    else { return start }
    var state = SearchState(
      start.model, neighbours: Self.neighbours, &expectation)
    var tried = TriedSwaps(components: components)
    var failed = 0
    var changes = 0
    for round in 0..<rounds where failed <= failures {
      WorkMeter.current?.tell(round, of: rounds)
      let inertia = state.inertia
      guard inertia > 0, !WorkMeter.isCancelled else { break }
      let swaps = swaps(state, tried, &generator)
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
      tried.add(swaps, changed: isTaken)
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

  /// The swaps to try: first the most promising, then random ones that prefer
  /// what costs little and helps much.
  private func swaps(
    _ state: SearchState, _ tried: TriedSwaps,
    _ generator: inout SeededGenerator
  ) -> [Swap] {
    let profiles = state.profiles
    let pinned = state.model.pinned
    let most = Self.swapsInRound(profiles.count)
    guard pinned < profiles.count else { return [] }
    let cheapest = profiles.indices.dropFirst(pinned).sorted {
      (profiles[$0].removalCost, $0) < (profiles[$1].removalCost, $1)
    }
    let widest = profiles.indices.sorted {
      (profiles[$0].splitGain, $1) > (profiles[$1].splitGain, $0)
    }
    var swaps = zip(cheapest, widest).prefix(most)
      .map { Swap(removed: $0, split: $1) }
      .filter { $0.removed != $0.split && !tried.contains($0) }
    var chosen = Set(swaps)
    let draw = SwapDraw(profiles, pinned: pinned)
    for _ in swaps.count..<max(most, swaps.count) {
      for _ in 0..<Self.redraws {
        guard let swap = draw.next(&generator), !tried.contains(swap),
          chosen.insert(swap).inserted
        else { continue }
        swaps.append(swap)
        break
      }
    }
    return swaps
  }
}

/// Swaps that did not help, for as long as their components stay as they are.
private struct TriedSwaps {
  /// When a swap was tried.
  private var rounds: [SwapTrial.Swap: Int] = [:]

  /// When a component changed last.
  private var changes: [Int]
  private var round = 0

  init(components: Int) {
    changes = [Int](repeating: -1, count: components)
  }

  mutating func add(_ swaps: [SwapTrial.Swap], changed: [Bool]) {
    for swap in swaps { rounds[swap] = round }
    for c in changed.indices where changed[c] { changes[c] = round }
    round += 1
  }

  func contains(_ swap: SwapTrial.Swap) -> Bool {
    guard let round = rounds[swap] else { return false }
    return changes[swap.removed] < round && changes[swap.split] < round
  }
}

/// Draws swaps at random.
private struct SwapDraw {
  private let profiles: [ComponentProfile]
  private let pinned: Int
  private let splits: [Double]

  init(_ profiles: [ComponentProfile], pinned: Int) {
    self.profiles = profiles
    self.pinned = pinned
    splits = profiles.map { $0.splitGain * $0.splitGain }
  }

  func next(_ generator: inout SeededGenerator) -> SwapTrial.Swap? {
    let split = Self.draw(splits, &generator)
    let scale = profiles[split].splitGain
    guard scale > 0 else { return nil }
    // What costs many times the gain is never worth a try.
    let costs = profiles.dropFirst(pinned).map { profile in
      let ratio = profile.removalCost / scale
      return ratio > 4 ? 0 : 1 / (0.05 + ratio * ratio)
    }
    let removed = pinned + Self.draw(costs, &generator)
    return removed == split
      ? nil : SwapTrial.Swap(removed: removed, split: split)
  }

  /// A place, with a probability proportional to its weight.
  private static func draw(
    _ weights: [Double], _ generator: inout SeededGenerator
  ) -> Int {
    var rest = generator.nextUnit() * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return place }
    }
    return weights.count - 1
  }
}
