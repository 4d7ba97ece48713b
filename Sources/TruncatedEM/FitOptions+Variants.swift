extension FitOptions {
  /// What is assumed of the mixing proportions π_c.
  public enum Mixing: String, CaseIterable, Sendable {
    /// All are 1/C, as in the paper.
    case equal

    /// They are estimated: π_c = Σ_n w_n q_n(c) / N. A component that received
    /// no weight then has π_c = 0 and stays out for good; it is not re-seeded.
    case learned
  }

  /// What is assumed of the variances.
  public enum Variance: String, CaseIterable, Sendable {
    /// One σ² for all components, as in the paper.
    case shared

    /// Each component has its own σ_c², still the same in every dimension.
    case perComponent = "per-component"
  }

  /// Whether the model is another than the paper's.
  var isVariant: Bool { mixing != .equal || variance != .shared }

  /// The least variance that an M-step gives, in units of the space squared.
  ///
  /// - Complexity: O(points × D).
  func floor(for points: WeightedPoints) -> Double {
    let least = points.leastVariance
    guard variance == .perComponent else { return least }
    return max(least, leastComponentVariance ?? 1e6 * least)
  }
}
