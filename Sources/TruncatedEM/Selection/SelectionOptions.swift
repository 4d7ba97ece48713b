/// How to choose the number of components by an information criterion.
public struct SelectionOptions: Sendable {
  /// What to minimise.
  public var criterion = InformationCriterion.bic

  /// The largest number of components to try. More than there are points are
  /// never tried.
  public var most = 256

  /// Components that every fit has, their means never moved, fewer than `most`,
  /// or as many where none other is needed. They are no parameters.
  public var pinned: MixtureModel?

  /// Whether pinned components alone are tried as well.
  public var triesPinnedAlone = false

  /// C' of every fit.
  public var truncation = Truncation.hard

  /// How many independent observations the points stand for, greater than 0,
  /// or `nil` for their total weight. The criterion sees F per unit of weight
  /// times this number; for images, whose neighbouring pixels say the same, the
  /// total weight is far too confident, and a smaller number chooses fewer
  /// components.
  public var observations: Double?

  /// The least σ² that the criterion believes, in units of the space squared.
  /// Points on a grid of step s are known to s²/12 only; without a bound, a
  /// component for each of few distinct points has an infinite F. Fits are not
  /// changed.
  public var leastVariance = 0.0

  /// The seed of every fit.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}
}
