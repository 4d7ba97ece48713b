package import Quantization
public import TruncatedEM

/// How a mixture is fitted to a table.
public struct TableFitOptions: Sendable {
  /// The number of components, or `nil` for as many as there are means to start
  /// from.
  public var components: Int?

  /// Where the means to start from are: a table of k rows; `nil` for a search.
  public var initialMeans: FileLocation?

  /// What is assumed of covariances.
  public var covariance = CovarianceType.tied

  /// Effort, seed, mixing weights, iterations and their end, as for an image.
  package var search: QuantizerOptions

  /// Options with defaults for the rest.
  ///
  /// - Parameter search: Effort, seed, and what goes with them; its colours do not
  ///   matter.
  package init(_ search: QuantizerOptions) {
    self.search = search
  }

  /// The engine's options.
  ///
  /// - Parameters:
  ///   - components: k.
  ///   - truncation: C'.
  ///   - dimension: D.
  /// - Returns: Them.
  func engine(
    components: Int, truncation: Truncation, dimension: Int
  ) -> FitOptions {
    var options = search
    options.truncation = truncation
    options.variance = covariance
    var fit = FitOptions(options)
    // What is known of the samples of an image is not known of a table.
    fit.leastComponentVariance = nil
    fit.eStep =
      fit.isGeneral
      ? .exact
      : .fastest(
        components: components, truncation: truncation.count,
        dimension: dimension)
    guard initialMeans != nil else { return fit }
    fit.emptyComponents = .keep
    fit.eStep = .exact
    fit.maximumIterations =
      search.maximumIterations ?? FitOptions().maximumIterations
    fit.tolerance = search.tolerance ?? FitOptions().tolerance
    return fit
  }
}
