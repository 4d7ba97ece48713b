extension FitOptions {
  /// Whether the mixture is more general than the paper's: its mixing weights
  /// are learned or each component has a variance.
  public var isGeneral: Bool {
    mixingWeights != .equal || covariance != .tied
  }

  /// How many free parameters this mixture has beyond those of the paper's.
  func moreParameters(_ components: Int) -> Int {
    (mixingWeights == .learned ? components - 1 : 0)
      + (covariance == .spherical ? components - 1 : 0)
  }

  /// The least variance that an M-step gives, in units of the space squared.
  ///
  /// - Parameter least: That of the paper's model, 10⁻¹² of the points' own.
  /// - Returns: That, or the bound for a variance per component.
  func floor(_ least: Double) -> Double {
    guard covariance == .spherical else { return least }
    return max(least, roundingVariance(least))
  }

  /// The variance of rounding that is assumed.
  ///
  /// - Parameter least: 10⁻¹² of the points' own variance.
  /// - Returns: ``leastComponentVariance``, or 10⁻⁶ of the points' own.
  func roundingVariance(_ least: Double) -> Double {
    leastComponentVariance ?? 1e6 * least
  }
}
