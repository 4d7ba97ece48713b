/// Improves a k-means solution by moves that Lloyd's iterations cannot make: a
/// component is removed where it is hardly missed and another is split where it
/// helps most.
///
/// Each round profiles the components once, proposes the swaps that promise to
/// lower J, and runs a few Lloyd iterations; J then decides whether the round is
/// kept. Rounds begin with many swaps at once and go on with fewer as they
/// fail, at last with single swaps drawn at random (in the spirit of B. Fritzke,
/// "The breathing k-means algorithm", arXiv 2006.15666, and P. Fränti,
/// "Efficiency of random swap clustering", Journal of Big Data 5:13, 2018, doi
/// 10.1186/s40537-018-0122-y; docs/guides/annealing-and-search.md).
struct SplitMergeSearch: Sendable {
  /// How hard to try.
  struct Limits: Sendable {
    /// The most rounds.
    var rounds: Int

    /// The failures in a row after which to give up.
    var failures: Int

    /// Lloyd iterations of a round.
    var iterations: Int
  }

  /// How hard to try.
  let limits: Limits

  /// Improves a solution.
  ///
  /// - Parameters:
  ///   - start: A solution.
  ///   - expectation: Runs the passes.
  ///   - generator: Where random swaps come from.
  /// - Returns: A solution whose J is not larger.
  /// - Complexity: A round is about as much as `limits.iterations` + 3 hard
  ///   E-steps.
  func improved(
    _ start: HardFit, _ expectation: inout Expectation,
    _ generator: inout SeededGenerator
  ) -> HardFit {
    let components = start.model.components
    guard components > 1, limits.rounds > 0 else { return start }
    var best = start
    var profile = ComponentProfile(&expectation, best.model)
    var swaps = max(1, components / 8)
    var failures = 0
    for _ in 0..<limits.rounds where best.inertia > 0 {
      let model =
        failures == 0 || swaps > 1
        ? promising(swaps, in: profile, of: best.model)
        : drawn(in: profile, of: best.model, &generator)
      guard let model else {
        // Nothing promises to help: only chance is left.
        swaps = 1
        failures += 1
        if failures > limits.failures { break }
        continue
      }
      let fit = expectation.lloyd(
        from: model, iterations: limits.iterations, tolerance: 1e-5)
      if fit.inertia < best.inertia {
        best = fit
        profile = ComponentProfile(&expectation, best.model)
        failures = 0
      } else {
        failures = swaps > 1 ? 0 : failures + 1
        swaps = max(1, swaps / 2)
        if failures > limits.failures { break }
      }
    }
    return best
  }

  /// Up to `count` swaps that promise to lower J, the most promising first.
  private func promising(
    _ count: Int, in profile: ComponentProfile, of model: MixtureModel
  ) -> MixtureModel? {
    let components = profile.components
    let cheapest = components.indices.sorted {
      (components[$0].removalCost, $0) < (components[$1].removalCost, $1)
    }
    let widest = components.indices.sorted {
      (components[$0].splitGain, $1) > (components[$1].splitGain, $0)
    }
    var used = Set<Int>()
    var result = model
    var made = 0
    var next = widest.makeIterator()
    for removed in cheapest where made < count {
      guard !used.contains(removed) else { continue }
      var split = next.next()
      while let c = split, used.contains(c) || c == removed {
        split = next.next()
      }
      guard let split,
        components[split].splitGain > components[removed].removalCost
      else { break }
      used.insert(removed)
      used.insert(split)
      swap(removed, into: split, profile, &result)
      made += 1
    }
    return made > 0 ? result : nil
  }

  /// One swap, drawn with a preference for what costs little and helps much.
  private func drawn(
    in profile: ComponentProfile, of model: MixtureModel,
    _ generator: inout SeededGenerator
  ) -> MixtureModel? {
    let components = profile.components
    func draw(_ weight: (Int) -> Double) -> Int {
      let weights = components.indices.map(weight)
      var rest = generator.nextUnit() * weights.reduce(0, +)
      for (c, weight) in weights.enumerated() {
        rest -= weight
        if rest < 0 { return c }
      }
      return components.count - 1
    }
    let split = draw { components[$0].splitGain }
    guard components[split].splitGain > 0 else { return nil }
    // The cheaper, the likelier; what costs many times the gain is never worth
    // a try.
    let scale = components[split].splitGain
    let removed = draw { c in
      let ratio = components[c].removalCost / scale
      return c == split || ratio > 4 ? 0 : 1 / (0.05 + ratio * ratio)
    }
    guard removed != split else { return nil }
    var result = model
    swap(removed, into: split, profile, &result)
    return result
  }

  /// Puts the two components where the halves of the second one are.
  private func swap(
    _ removed: Int, into split: Int, _ profile: ComponentProfile,
    _ model: inout MixtureModel
  ) {
    let dimension = model.dimension
    let step = profile.components[split].splitStep
    for d in 0..<dimension {
      let mean = model.means[split * dimension + d]
      model.means[split * dimension + d] = mean + step[d]
      model.means[removed * dimension + d] = mean - step[d]
    }
  }
}
