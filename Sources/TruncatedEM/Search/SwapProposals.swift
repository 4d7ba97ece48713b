/// Which swaps a search tries: first the most promising, then random ones that
/// prefer what costs little and helps much; none that was tried and did not help,
/// for as long as its components stay as they are.
struct SwapProposals: Sendable {
  typealias Swap = SwapTrial.Swap

  /// When a swap was tried.
  private var rounds: [Swap: Int] = [:]

  /// When a component changed last.
  private var changes: [Int]
  private var round = 0

  /// A swap that was tried is drawn again so many times.
  private static let redraws = 8

  /// How many swaps are tried at once; not the number of threads, so that the
  /// result does not depend on it.
  private static func swapsInRound(_ components: Int) -> Int {
    max(8, components / 8)
  }

  /// No swap was tried yet.
  init(components: Int) {
    changes = [Int](repeating: -1, count: components)
  }

  /// The swaps to try next.
  ///
  /// - Parameters:
  ///   - state: What removing and splitting a component means.
  ///   - generator: Where random swaps come from.
  /// - Returns: Swaps, no two the same.
  /// - Complexity: O(swaps × components).
  func next(
    _ state: SearchState, _ generator: inout SeededGenerator
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
      .filter { $0.removed != $0.split && !wasTried($0) }
    var chosen = Set(swaps)
    let draw = SwapDraw(profiles, pinned: pinned)
    for _ in swaps.count..<max(most, swaps.count) {
      for _ in 0..<Self.redraws {
        guard let swap = draw.next(&generator), !wasTried(swap),
          chosen.insert(swap).inserted
        else { continue }
        swaps.append(swap)
        break
      }
    }
    return swaps
  }

  /// Remembers a round.
  ///
  /// - Parameters:
  ///   - swaps: What was tried.
  ///   - changed: For each component whether a swap that was kept changed it.
  mutating func add(_ swaps: [Swap], changed: [Bool]) {
    for swap in swaps { rounds[swap] = round }
    for c in changed.indices where changed[c] { changes[c] = round }
    round += 1
  }

  private func wasTried(_ swap: Swap) -> Bool {
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
