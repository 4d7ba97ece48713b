import TruncatedEM

/// A mixture, and how it was fitted if it was.
struct FittedModel {
  /// The parameters.
  let model: MixtureModel

  /// The iterations, in order.
  let iterations: [IterationStatistics]

  /// Whether the fit reached its tolerance.
  let converged: Bool

  /// A mixture that was not fitted.
  init(_ model: MixtureModel) {
    self.model = model
    iterations = []
    converged = false
  }

  /// The mixture of a fit.
  init(_ fit: Fit) {
    model = fit.model
    iterations = fit.iterations
    converged = fit.converged
  }
}

/// Means of the caller as a mixture.
///
/// - Throws: `Failure` where they are not finite, none or too many.
func model(
  of means: UnsafePointer<Double>, _ count: Int, _ dimension: Int
) throws(Failure) -> MixtureModel {
  guard (1...MixtureModel.maximumComponents).contains(count) else {
    throw Failure(FitError.components(count))
  }
  guard dimension >= 1 else { throw Failure(FitError.dimension(dimension)) }
  let numbers = try size(count, dimension, 8, name: "the means") / 8
  let values = Array(UnsafeBufferPointer(start: means, count: numbers))
  return try fitting { () throws(FitError) in
    try MixtureModel(means: values, dimension: dimension)
  }
}
