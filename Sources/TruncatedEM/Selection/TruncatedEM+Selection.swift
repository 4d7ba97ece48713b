extension TruncatedEM {
  /// Fits a mixture with the number of components that an information
  /// criterion prefers.
  ///
  /// Numbers are tried as `ComponentSearch.least(by:_:)` says, each by the same
  /// search for means and with the same seed as a fit of that number alone.
  ///
  /// - Parameters:
  ///   - tree: The points to fit.
  ///   - selection: The criterion, and how far to go.
  ///   - observer: Called for each number tried.
  /// - Returns: The best fit, and what was tried.
  /// - Throws: `FitError.components`, `.truncation` or `.options`.
  /// - Complexity: Some 2 to 4 log₂(most) fits and as many E-steps.
  public func fit(
    _ tree: PointTree, choosing selection: SelectionOptions,
    observer: ((ComponentSelection.Candidate) -> Void)? = nil
  ) throws(FitError) -> ComponentSelection {
    let observations = selection.observations ?? tree.points.totalWeight
    guard observations > 0, observations.isFinite,
      selection.leastVariance >= 0, selection.leastVariance.isFinite
    else { throw .options }
    // Checks the number as it was asked for.
    let pinned = selection.pinned?.components ?? 0
    // The search counts from 1, which may stand for no other component.
    let first = selection.triesPinnedAlone && pinned > 0 ? 0 : 1
    var search = try ComponentSearch(upTo: selection.most - pinned + 1 - first)
    if tree.points.count < search.most {
      search = try ComponentSearch(upTo: tree.points.count)
    }
    var candidates: [ComponentSelection.Candidate] = []
    let best = try search.least(by: \.value) {
      number throws(FitError) -> (fit: Fit, value: Double) in
      let count = number - 1 + first
      let components = count + pinned
      let fit = try fit(
        tree, components: components, pinned: selection.pinned,
        truncation: selection.truncation, seed: selection.seed)
      let model = fit.model.floored(selection.leastVariance)
      let freeEnergy = try evaluate(
        tree, under: model, truncation: fit.truncation
      ).freeEnergy
      let candidate = ComponentSelection.Candidate(
        components: components, freeEnergy: freeEnergy,
        value: selection.criterion.value(
          freeEnergy: freeEnergy, observations: observations,
          components: count, dimension: tree.points.dimension,
          more: options.moreParameters(
            components, dimension: tree.dimension)))
      candidates.append(candidate)
      observer?(candidate)
      return (fit, candidate.value)
    }
    return ComponentSelection(fit: best.fit, candidates: candidates)
  }
}
