#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks for a number of components by trying few of them.
///
/// Trying one costs a fit, so no number is ever tried twice, and which are
/// tried depends on the values alone.
public struct ComponentSearch: Sendable {
  /// The largest number to try, at least 1.
  public let most: Int

  /// A ladder is left after this many rungs in a row that are worse than the
  /// best: by then C has grown by a factor of 2 to 3.
  static let patience = 3

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

  /// The rungs 1, 2, 3, 4, 6, 8, 12, 16, …, `most`.
  var ladder: [Int] {
    var rungs: [Int] = []
    var rung = 1
    while rung < most {
      rungs.append(rung)
      if rung > 1, rung * 3 / 2 < most { rungs.append(rung * 3 / 2) }
      rung *= 2
    }
    return rungs + [most]
  }

  /// Looks for the number with the least value.
  ///
  /// First the ladder 1, 2, 3, 4, 6, 8, 12, … is climbed until three rungs in a
  /// row are worse than the best; then the gaps beside the best are halved, the
  /// wider one first, until its neighbours have been tried. The result is the
  /// least value if values fall and then rise; else a local minimum that no
  /// rung tried is better than.
  ///
  /// - Parameters:
  ///   - value: What to minimise of a trial; not NaN.
  ///   - attempt: Tries a number; called once for each.
  /// - Returns: The trial with the least value, of equal ones that of the
  ///   smallest number.
  /// - Throws: What `attempt` throws.
  /// - Complexity: At most 2 log₂(`most`) + 1 trials for the ladder, and about
  ///   as many in the gaps.
  public func least<Trial, Failure: Error>(
    by value: (Trial) -> Double,
    _ attempt: (Int) throws(Failure) -> Trial
  ) throws(Failure) -> Trial {
    let ladder = ladder
    var rung = 0
    var best = try attempt(1)
    var worse = 0
    for (next, count) in ladder.enumerated().dropFirst() {
      let trial = try attempt(count)
      if value(trial) < value(best) {
        rung = next
        best = trial
        worse = 0
      } else {
        worse += 1
        if worse == Self.patience { break }
      }
    }

    var below = rung > 0 ? ladder[rung - 1] : 0
    var above = rung + 1 < ladder.count ? ladder[rung + 1] : most + 1
    var middle = ladder[rung]
    while above - below > 2 {
      let takesLower = middle - below >= above - middle
      let count = takesLower ? (below + middle) / 2 : (middle + above) / 2
      let trial = try attempt(count)
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
  /// The numbers 1, 4, 16, … are tried until one reaches it, and the gap to the
  /// one before is closed by interpolating between the logarithms of numbers,
  /// with a bisection whenever that does not halve the gap.
  ///
  /// The result reaches the target, and the next smaller number was tried and
  /// does not. If the excess never rises with the number, no smaller one
  /// reaches it; where it does rise in places, one may that was not tried.
  ///
  /// - Parameters:
  ///   - excess: How far a trial is from the target: 0 or less where it
  ///     reaches it. Interpolation is the better the more nearly it falls as
  ///     the logarithm of the number. May be infinite; not NaN.
  ///   - attempt: Tries a number; called once for each.
  /// - Returns: The trial, or `nil` when not even `most`, tried last, reaches
  ///   the target.
  /// - Throws: What `attempt` throws.
  /// - Complexity: At most log₄(`most`) + 2 trials until one reaches it, then
  ///   twice log₂ of the gap.
  public func smallest<Trial, Failure: Error>(
    reaching excess: (Trial) -> Double,
    _ attempt: (Int) throws(Failure) -> Trial
  ) throws(Failure) -> Trial? {
    var best = try attempt(1)
    var low = (count: 0, excess: Double.infinity)
    var high = (count: 1, excess: excess(best))
    while high.excess > 0 {
      guard high.count < most else { return nil }
      low = high
      let count = min(4 * high.count, most)
      best = try attempt(count)
      high = (count, excess(best))
    }
    var interpolates = true
    while high.count - low.count > 1 {
      let gap = high.count - low.count
      let count =
        interpolates
        ? Self.crossing(low, high) : (low.count + high.count) / 2
      let trial = try attempt(count)
      if excess(trial) > 0 {
        low = (count, excess(trial))
      } else {
        high = (count, excess(trial))
        best = trial
      }
      interpolates = !interpolates || 2 * (high.count - low.count) <= gap
    }
    return best
  }

  /// The first number at which a power law through two numbers reaches the
  /// target; strictly between them.
  private static func crossing(
    _ low: (count: Int, excess: Double), _ high: (count: Int, excess: Double)
  ) -> Int {
    let middle = (low.count + high.count) / 2
    guard low.excess.isFinite, high.excess.isFinite else { return middle }
    let share = low.excess / (low.excess - high.excess)
    let ratio = Double(high.count) / Double(low.count)
    let crossing = Double(low.count) * pow(ratio, share)
    guard crossing < Double(high.count) else { return high.count - 1 }
    return min(
      high.count - 1, max(low.count + 1, Int(crossing.rounded(.up))))
  }
}
