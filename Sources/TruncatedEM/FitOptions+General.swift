import CLibrary

extension FitOptions {
  /// Whether the mixture is more general than the paper's: its mixing weights
  /// are learned or each component has a variance.
  public var isGeneral: Bool {
    mixingWeights != .equal || covariance != .tied
  }

  /// How many free parameters this mixture has beyond those of the paper's.
  func moreParameters(_ components: Int, dimension: Int) -> Int {
    let ofVariances =
      switch covariance {
      case .tied: 1
      case .spherical: components
      case .diagonal, .full:
        components * (covariance.shape?.width(dimension) ?? 1)
      }
    return (mixingWeights == .learned ? components - 1 : 0) + ofVariances - 1
  }

  /// The least variance that an M-step gives, in units of the space squared.
  ///
  /// - Parameter least: That of the paper's model, 10⁻¹² of the points' own.
  /// - Returns: That, or the bound for a variance per component.
  func floor(_ least: Double) -> Double {
    guard covariance != .tied else { return least }
    return max(least, roundingVariance(least))
  }

  /// By how much F per unit of weight is more where coordinates are measured in the
  /// steps to which they were rounded.
  ///
  /// - Parameters:
  ///   - least: 10⁻¹² of the points' own variance.
  ///   - dimension: D.
  /// - Returns: Nats.
  func shift(_ least: Double, dimension: Int) -> Double {
    let variance = 12 * roundingVariance(least)
    guard variance > 0 else { return 0 }
    return Double(dimension) / 2 * log(variance)
  }

  /// The variance of rounding that is assumed.
  ///
  /// - Parameter least: 10⁻¹² of the points' own variance.
  /// - Returns: ``leastComponentVariance``, or 10⁻⁶ of the points' own.
  func roundingVariance(_ least: Double) -> Double {
    leastComponentVariance ?? 1e6 * least
  }
}
