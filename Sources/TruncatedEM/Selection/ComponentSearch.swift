import CLibrary
import ParallelWork

/// Looks for a number of components by trying few of them.
///
/// Trying one costs a fit, so no number is ever tried twice, and which are
/// tried depends on the values alone.
public struct ComponentSearch: Sendable {
  /// The largest number to try, at least 1.
  public let most: Int

  /// Up to here every number is a rung of the ladder, and none is left out:
  /// with equal priors a criterion may rise from the right number on and fall
  /// again towards its double, where each cluster has two components.
  private static let denseRungs = 12

  /// The ladder is left at a rung this many times the best.
  private static let patience = 4

  /// Creates a search.
  ///
  /// - Parameter most: The largest number to try.
  /// - Throws: `FitError.components` outside 1 to
  ///   `MixtureModel.maximumComponents`.
  public init(upTo most: Int) throws(FitError) {
    guard (1...MixtureModel.maximumComponents).contains(most) else {
      throw .components(most)
    }
    self.most = most
  }

  /// About the most numbers that are tried, for progress.
  private var mostTrials: Int {
    min(most, ladder.count + 8)
  }

  /// How near neighbours of a number tell it apart from: 1 below 64, and about
  /// 3 % above, where a criterion varies more with the luck of a fit than from
  /// one number to the next.
  private static func step(at count: Int) -> Int { max(1, count / 32) }

  /// The rungs 1, 2, 3, …, 12, 16, 24, 32, …, `most`.
  package var ladder: [Int] {
    var rungs = Array(1...min(most, Self.denseRungs))
    var rung = 16
    while rung < most {
      rungs.append(rung)
      if rung * 3 / 2 < most { rungs.append(rung * 3 / 2) }
      rung *= 2
    }
    if most > Self.denseRungs { rungs.append(most) }
    return rungs
  }

  /// Looks for the number with the least value.
  ///
  /// First the ladder 1, 2, 3, …, 12, 16, 24, 32, 48, … is climbed up to four
  /// times the best rung, or 12; then the gaps beside the best are halved, the
  /// wider one first, until its neighbours have been tried, above 64 those at
  /// 1/32 of it. The result is the least value (to so much) if values fall and
  /// then rise; else a local minimum that no rung tried is better than.
  ///
  /// - Parameters:
  ///   - value: What to minimise of a trial; not NaN.
  ///   - attempt: Tries a number; called once for each.
  /// - Returns: The trial with the least value, of equal ones that of the
  ///   smallest number.
  /// - Throws: What `attempt` throws.
  /// - Complexity: At most 2 log₂(`most`) + 6 trials for the ladder, and up to 8
  ///   or so in the gaps.
  public func least<Trial, Failure: Error>(
    by value: (Trial) -> Double,
    _ attempt: (Int) throws(Failure) -> Trial
  ) throws(Failure) -> Trial {
    var tries = 0
    func tried(_ number: Int) throws(Failure) -> Trial {
      defer { tries += 1 }
      return try WorkMeter.part(tries, of: mostTrials) {
        () throws(Failure) in try attempt(number)
      }
    }
    let ladder = ladder
    var rung = 0
    var best = try tried(1)
    for (next, count) in ladder.enumerated().dropFirst() {
      guard count <= Self.patience * max(ladder[rung], 3) else { break }
      let trial = try tried(count)
      if value(trial) < value(best) {
        rung = next
        best = trial
      }
    }

    var below = rung > 0 ? ladder[rung - 1] : 0
    var above = rung + 1 < ladder.count ? ladder[rung + 1] : most + 1
    var middle = ladder[rung]
    while max(middle - below, above - middle) > Self.step(at: middle) {
      let takesLower = middle - below >= above - middle
      let count = takesLower ? (below + middle) / 2 : (middle + above) / 2
      let trial = try tried(count)
      let (new, old) = (value(trial), value(best))
      // Of equal values the smaller number is the better one.
      if new < old || (new == old && takesLower) {
        if takesLower { above = middle } else { below = middle }
        middle = count
        best = trial
      } else if takesLower {
        below = count
      } else {
        above = count
      }
    }
    return best
  }

  /// Looks for the smallest number that reaches a target.
  ///
  /// Numbers are tried at 1, 4 and then as far on as a power law through the
  /// last two says, 1.5 to 4 times the last, until one reaches the target;
  /// the gap to the one before is closed by interpolation with the same law,
  /// going beyond what it says by 1, 3, 7, … when it stays on the same side.
  ///
  /// The result reaches the target, and the next smaller number was tried and
  /// does not. If the excess never rises with the number, no smaller one
  /// reaches it. Where it does rise in places, one may; with a `play`, smaller
  /// numbers are tried one by one, until one misses the target by more than that.
  ///
  /// - Parameters:
  ///   - excess: How far a trial is from the target: 0 or less where it
  ///     reaches it. Interpolation is the better the more nearly it falls as
  ///     the logarithm of the number. May be infinite; not NaN.
  ///   - play: How far excesses may be from such a line, 0 or more.
  ///   - attempt: Tries a number; called once for each.
  /// - Returns: The trial; that of `most` when not even that reaches the
  ///   target.
  /// - Throws: What `attempt` throws.
  /// - Complexity: At most 2 log₂(`most`) trials until one reaches it, then
  ///   usually 2 to 6; then as many as a line needs to fall by `play`.
  public func smallest<Trial, Failure: Error>(
    reaching excess: (Trial) -> Double, play: Double = 0,
    _ attempt: (Int) throws(Failure) -> Trial
  ) throws(Failure) -> Trial {
    var tries = 0
    func tried(_ number: Int) throws(Failure) -> Trial {
      defer { tries += 1 }
      return try WorkMeter.part(tries, of: mostTrials) {
        () throws(Failure) in try attempt(number)
      }
    }
    var best = try tried(1)
    // Of numbers that have been tried.
    var excesses: [Int: Double] = [:]
    var low = Tried(count: 0, excess: .infinity)
    var high = Tried(count: 1, excess: excess(best))
    while high.excess > 0 {
      guard high.count < most else { return best }
      excesses[high.count] = high.excess
      let count = min(most, Self.further(low, high))
      best = try tried(count)
      low = high
      high = Tried(count: count, excess: excess(best))
    }
    // How often in a row a trial was above (below if negative) the crossing.
    var side = 0
    while high.count - low.count > 1 {
      let beyond = abs(side) > 1 ? 1 << min(16, abs(side) - 1) - 1 : 0
      let guess =
        Self.crossing(low, high) + (side > 0 ? -beyond : beyond)
      let count = max(low.count + 1, min(high.count - 1, guess))
      let trial = try tried(count)
      let result = Tried(count: count, excess: excess(trial))
      if result.excess > 0 {
        excesses[count] = result.excess
        low = result
        side = min(side, 0) - 1
      } else {
        high = result
        best = trial
        side = max(side, 0) + 1
      }
    }
    var count = high.count - 1
    while play > 0, count > 0 {
      if let known = excesses[count] {
        guard known <= play else { break }
      } else {
        let trial = try tried(count)
        let found = excess(trial)
        guard found <= play else { break }
        if found <= 0 { best = trial }
      }
      count -= 1
    }
    return best
  }

  /// A number, and how far it is from the target.
  private struct Tried {
    let count: Int
    let excess: Double
  }

  /// The next number to try after two that miss the target.
  private static func further(_ low: Tried, _ high: Tried) -> Int {
    let most = 4 * high.count
    guard low.excess.isFinite, high.excess < low.excess else { return most }
    return min(most, max(3 * high.count / 2, powerLaw(low, high, most: most)))
  }

  /// The first number between two at which the target should be reached.
  private static func crossing(_ low: Tried, _ high: Tried) -> Int {
    guard low.excess.isFinite, high.excess.isFinite else {
      return (low.count + high.count) / 2
    }
    return powerLaw(low, high, most: high.count)
  }

  /// Where the line through two numbers' excesses over their logarithms is 0,
  /// rounded up and at most `most`.
  private static func powerLaw(
    _ low: Tried, _ high: Tried, most: Int
  ) -> Int {
    let share = low.excess / (low.excess - high.excess)
    let ratio = Double(high.count) / Double(low.count)
    let crossing = Double(low.count) * pow(ratio, share)
    return crossing < Double(most) ? Int(crossing.rounded(.up)) : most
  }
}
