/// Why a mixture cannot be fitted.
public enum FitError: Error, Equatable, Sendable {
  /// There is not a single point.
  case noPoints

  /// The number of dimensions is below 1 or does not divide the number of
  /// coordinates.
  case dimension(Int)

  /// The model has another number of dimensions than the points.
  case dimensionsDiffer(points: Int, model: Int)

  /// A weight is negative or not finite, their sum is not greater than 0, or
  /// there is not one for each point.
  case weights

  /// A coordinate, mean or variance is infinite or not a number.
  case notFinite

  /// The number of components is below 1 or above
  /// ``MixtureModel/maximumComponents``.
  case components(Int)

  /// The number of pinned means is below 0 or above that of the components.
  case pinned(Int, components: Int)

  /// C' is below 1.
  case truncation(Int)

  /// There is not one mixing weight for each component, or one is negative or
  /// not a number, or their sum is not 1.
  case mixingWeights

  /// There is not one variance for each component.
  case variances(Int, components: Int)

  /// There is not one covariance matrix for each component, or one has an
  /// eigenvalue that is not greater than 0.
  case covariances

  /// The number of iterations is negative, or the tolerance is negative or not
  /// a number, or the least variance of a component is not greater than 0.
  case options

  /// The effort is outside `Effort.range`.
  case effort(Int)

  /// Partial E-steps were asked for with learned mixing weights or a spherical
  /// covariance, which have exact E-steps only.
  case partialEStep

  /// Partial E-steps were asked for in more dimensions than
  /// ``WeightedPoints/fastDimension``, which have exact E-steps only.
  case partialDimension(Int)

  /// A neighbourhood of partial E-steps has less than one component.
  case neighbourhood(Int)

  /// What is wrong, in one line.
  public var message: String {
    switch self {
    case .noPoints:
      "there are no points to fit"
    case .dimension(let dimension):
      "each point must have the same number of coordinates, at least 1, not "
        + "\(dimension)"
    case .dimensionsDiffer(let points, let model):
      "points have \(points) coordinates, but the means have \(model)"
    case .weights:
      "weights must be finite, not negative, and not all zero"
    case .notFinite:
      "coordinates and means must be finite numbers"
    case .components(let count):
      "the number of components must be 1 to "
        + "\(MixtureModel.maximumComponents), not \(count)"
    case .pinned(let count, let components):
      "the number of pinned means must be 0 to the number of components "
        + "(\(components)), not \(count)"
    case .truncation(let count):
      "C' must be at least 1, not \(count)"
    case .mixingWeights:
      "there must be one mixing weight per component; they must not be "
        + "negative, and must sum to 1"
    case .variances(let count, let components):
      "there must be one variance per component (\(components)), "
        + "not \(count)"
    case .covariances:
      "there must be one covariance matrix per component, and they must be "
        + "positive definite"
    case .effort(let level):
      "the effort must be \(Effort.range.lowerBound) to "
        + "\(Effort.range.upperBound), not \(level)"
    case .options:
      "the number of iterations and the tolerance must not be negative, and "
        + "the minimum variance of a component must be greater than 0"
    case .partialEStep:
      "learned mixing weights and covariances of components need exact E-steps"
    case .partialDimension(let dimension):
      "partial E-steps take up to \(WeightedPoints.fastDimension) dimensions, "
        + "not \(dimension)"
    case .neighbourhood(let size):
      "a neighbourhood has at least 1 component, not \(size)"
    }
  }
}
