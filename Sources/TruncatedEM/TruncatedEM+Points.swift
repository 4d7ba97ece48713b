// The same for points that are used only once, without a tree of one's own.

extension TruncatedEM {
  private func tree(_ points: WeightedPoints) -> PointTree {
    PointTree(points, threads: options.threads)
  }

  /// Fits a mixture to points that are fitted only once; see
  /// the method of the same name for a `PointTree`.
  ///
  /// - Throws: `FitError.components`, `.pinned`, `.dimensionsDiffer` or
  ///   `.truncation`.
  public func fit(
    _ points: WeightedPoints, components: Int, pinned: MixtureModel? = nil,
    truncation: Truncation, seed: UInt64 = 0, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    try fit(
      tree(points), components: components, pinned: pinned,
      truncation: truncation, seed: seed, observer: observer)
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
      tree(points), from: start, truncation: truncation, observer: observer)
  }

  /// Fits a mixture, starting with means that a search has found.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  public func fit(
    _ points: WeightedPoints, found start: MixtureModel,
    truncation: Truncation, observer: Observer? = nil
  ) throws(FitError) -> Fit {
    try fit(
      tree(points), found: start, truncation: truncation, observer: observer)
  }

  /// Fits mixtures to points, and chooses the number of components.
  ///
  /// - Throws: `FitError.components`, `.truncation` or `.options`.
  public func fit(
    _ points: WeightedPoints, choosing selection: SelectionOptions,
    observer: ((ComponentSelection.Candidate) -> Void)? = nil
  ) throws(FitError) -> ComponentSelection {
    try fit(tree(points), choosing: selection, observer: observer)
  }

  /// Searches means to start from.
  ///
  /// - Throws: `FitError.components`, `.pinned` or `.dimensionsDiffer`.
  public func initialMeans(
    for points: WeightedPoints, components: Int, pinned: MixtureModel? = nil,
    seed: UInt64 = 0
  ) throws(FitError) -> MixtureModel {
    try initialMeans(
      for: tree(points), components: components, pinned: pinned, seed: seed)
  }

  /// Computes F, J and the entropy of a model.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  public func evaluate(
    _ points: WeightedPoints, under model: MixtureModel, truncation: Truncation
  ) throws(FitError) -> Evaluation {
    try evaluate(tree(points), under: model, truncation: truncation)
  }

  /// The number of the component that is closest to each point.
  ///
  /// - Throws: `FitError.dimensionsDiffer`.
  public func nearestComponents(
    to points: WeightedPoints, in model: MixtureModel
  ) throws(FitError) -> [UInt16] {
    try nearestComponents(to: tree(points), in: model)
  }

  /// The truncated posterior of points under a model.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  public func posterior(
    of points: WeightedPoints, under model: MixtureModel,
    truncation: Truncation
  ) throws(FitError) -> Posterior {
    try posterior(of: tree(points), under: model, truncation: truncation)
  }

  /// The entropy of each point's truncated posterior, in nats.
  ///
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  public func entropies(
    of points: WeightedPoints, under model: MixtureModel,
    truncation: Truncation
  ) throws(FitError) -> [Double] {
    try entropies(of: tree(points), under: model, truncation: truncation)
  }
}
