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
  public var isVariant: Bool { mixing != .equal || variance != .shared }

  /// How many more free parameters than the paper's model so many components
  /// have.
  func moreParameters(_ components: Int) -> Int {
    (mixing == .learned ? components - 1 : 0)
      + (variance == .perComponent ? components - 1 : 0)
  }

  /// The least variance that an M-step gives, in units of the space squared.
  ///
  /// - Parameter least: That of the paper's model, 10⁻¹² of the points' own.
  /// - Returns: That, or the bound for variances per component.
  func floor(_ least: Double) -> Double {
    guard variance == .perComponent else { return least }
    return max(least, leastComponentVariance ?? 1e6 * least)
  }
}
