/// How to fit a mixture.
public struct FitOptions: Sendable {
  /// What becomes of a component that no point gave any weight.
  public enum EmptyComponents: Sendable {
    /// It keeps its mean, as in plain EM.
    case keep

    /// Its mean moves to the point that contributes most to the inertia. F
    /// does not fall: nothing belonged to the component.
    case reseed
  }

  /// The most iterations, each an E-step and an M-step; 0 leaves the means as
  /// they are.
  public var maximumIterations = 300

  /// The fit has converged when an E-step's F (J with C' = 1) differs from the
  /// one before by less than this fraction of it. With 0 it never has: exactly
  /// `maximumIterations` are made.
  public var tolerance = 1e-6

  /// How hard to search for means to start from, where none are given.
  public var effort = Effort.standard

  /// How iterations come to their end faster; `nil` for Anderson's acceleration
  /// where means come from a search, or a fit goes on, and C' > 1, and plain EM
  /// elsewhere. C' = 1 from the means of a search needs few iterations anyway.
  ///
  /// With one, `maximumIterations` counts the E-steps, also those that are not
  /// reported because F would have fallen (``Fit/rejectedSteps``).
  public var acceleration: Acceleration?

  /// What becomes of components without weight.
  public var emptyComponents = EmptyComponents.reseed

  /// Among which components each point looks for those it keeps.
  public var eStep = EStep.exact

  /// Whether components have equal or learned prior probabilities.
  public var mixingWeights = MixingWeights.equal

  /// Whether components have one variance or each their own.
  public var covariance = CovarianceType.tied

  /// The least σ_c² of a spherical covariance, in units of the space squared,
  /// greater than 0; `nil` is 10⁻⁶ of the points' own variance.
  ///
  /// Without such a bound a component on a single point would get σ_c² = 0 and
  /// F would be infinite. What points were rounded to says what is sensible:
  /// steps of s have a variance of s²/12.
  ///
  /// Whether F has converged is decided by F in this s as the unit of
  /// coordinates, for a shared variance too. In other units F, the logarithm of a
  /// density, could be near 0, where a fraction of it means nothing.
  public var leastComponentVariance: Double?

  /// Coordinates that points do not have because they would be copies of others:
  /// 2 of greys. The soft iterations of the search have the σ² that they would
  /// have with them, and so find the same means.
  package var copiedCoordinates = 0

  /// Whether means that a search has found stay, where each point has one of its
  /// own. With a least variance, those of a general mixture would attract their
  /// neighbours.
  package var keepsSeparateMeans = false

  /// The most threads to use. The result does not depend on it.
  public var threads = 1

  /// The defaults.
  public init() {}
}
