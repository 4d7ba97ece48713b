extension TruncatedEM {
  /// Fits a mixture to points that are fitted only once; see
  /// the method of the same name for a `PointTree`.
  ///
  /// - Throws: `FitError.components` or `.truncation`.
  public func fit(
    _ points: WeightedPoints, components: Int, truncation: Truncation,
    seed: UInt64 = 0, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    try fit(
      PointTree(points), components: components, truncation: truncation,
      seed: seed, observer: observer)
  }

  /// Fits a mixture to points that are fitted only once, starting with given
  /// means.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  public func fit(
    _ points: WeightedPoints, from start: MixtureModel,
    truncation: Truncation, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    try fit(
      PointTree(points), from: start, truncation: truncation,
      observer: observer)
  }

  /// Computes F and J of a model for points that are used only once.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  public func evaluate(
    _ points: WeightedPoints, _ model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> Evaluation {
    try evaluate(PointTree(points), model, truncation: truncation)
  }
}
