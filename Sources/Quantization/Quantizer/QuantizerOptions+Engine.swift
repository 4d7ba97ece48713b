package import TruncatedEM

extension FitOptions {
  /// The engine's part of an image's options: iterations, tolerance and E-step
  /// for the effort.
  ///
  /// The step of the samples is taken to be that of 8 bits.
  ///
  /// - Parameter options: How the image is reduced to a palette.
  package init(_ options: QuantizerOptions) {
    self.init()
    threads = options.threads
    effort = options.effort
    acceleration = options.acceleration
    mixingWeights = options.mixing
    covariance = options.variance
    leastComponentVariance = options.space.roundingVariance
    // An image that needs no other colours stays what it is.
    keepsSeparateMeans = true
    switch options.start {
    case .search, .choose:
      emptyComponents = .reseed
      if !isGeneral {
        eStep = .fastest(
          components: options.components, truncation: options.truncation.count)
      }
      // The search is for C' = 1 and the paper's mixture, and leaves others
      // more to do.
      maximumIterations =
        isGeneral
        ? 3 * effort.maximumIterations
        : options.truncation == .hard
          ? effort.maximumHardIterations : effort.maximumIterations
      tolerance =
        options.truncation == .hard ? effort.tolerance : effort.softTolerance
    case .means, .palette, .subset:
      emptyComponents = .keep
    }
    maximumIterations = options.maximumIterations ?? maximumIterations
    tolerance = options.tolerance ?? tolerance
    if options.start.isPalette { maximumIterations = 0 }
  }
}

extension QuantizerOptions {
  /// The engine that fits colours with these options.
  ///
  /// - Parameter histogram: The colours.
  /// - Returns: The engine.
  /// - Throws: `QuantizationError.fit` where a limit is negative, `.covariance`
  ///   where components were to have covariance matrices.
  package func engine(
    for histogram: ColorHistogram
  ) throws(QuantizationError) -> TruncatedEM {
    guard !variance.hasMatrices else { throw .covariance(variance) }
    var fit = FitOptions(self)
    let space = space(of: histogram)
    fit.leastComponentVariance = histogram.roundingVariance(in: space)
    fit.copiedCoordinates = space.copiedCoordinates
    let options = fit
    return try rethrowing { () throws(FitError) in try TruncatedEM(options) }
  }
}
