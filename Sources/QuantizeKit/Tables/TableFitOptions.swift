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

  /// Among which components a row's are looked for, or `nil` for what is
  /// fastest: `EStep.fastest`. Partial E-steps need the shared covariance, equal
  /// weights and at most `WeightedPoints.fastDimension` columns.
  public var eStep: EStep?

  /// Effort, seed, mixing weights, iterations and their end, as for an image.
  package var search: QuantizerOptions

  /// Options with defaults for the rest.
  ///
  /// - Parameter search: Effort, seed, and what goes with them; its colours do not
  ///   matter.
  package init(_ search: QuantizerOptions) {
    self.search = search
  }

  /// Refuses partial E-steps where there are none.
  ///
  /// - Parameter columns: D.
  /// - Throws: `QuantizeError.usage`.
  func checkNeighbours(columns: Int) throws(QuantizeError) {
    guard case .neighbourhood = eStep else { return }
    guard covariance == .tied, search.mixing == .equal else {
      throw .usage(
        "--neighbours needs --covariance shared and --mixing equal")
    }
    guard columns <= WeightedPoints.fastDimension else {
      throw .usage(
        "--neighbours takes up to \(WeightedPoints.fastDimension) columns, not "
          + "\(columns); leave it out, or choose some with --columns")
    }
    guard search.acceleration != .anderson else {
      throw .usage(
        "partial E-steps cannot be accelerated; leave out --neighbours or "
          + "--acceleration anderson")
    }
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
    fit.keepsSeparateMeans = false
    fit.eStep =
      fit.isGeneral
      ? .exact
      : .fastest(
        components: components, truncation: truncation.count,
        dimension: dimension)
    if initialMeans != nil { fit.eStep = .exact }
    if let eStep { fit.eStep = eStep }
    guard initialMeans != nil else { return fit }
    fit.emptyComponents = .keep
    fit.maximumIterations =
      search.maximumIterations ?? FitOptions().maximumIterations
    fit.tolerance = search.tolerance ?? FitOptions().tolerance
    return fit
  }
}
