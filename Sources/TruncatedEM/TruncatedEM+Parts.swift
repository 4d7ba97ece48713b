extension TruncatedEM {
  /// Fits a mixture to points that are too many to be in memory at once.
  ///
  /// E-steps are exact, and go through the parts one after the other; a component
  /// that no point is nearest to stays where it is.
  ///
  /// - Parameters:
  ///   - parts: The number of parts, at least 1.
  ///   - start: The means to start from.
  ///   - resumes: Whether all parameters are taken from `start`, and not its means
  ///     alone, as ``fit(_:from:truncation:observer:)`` does.
  ///   - truncation: C'.
  ///   - observer: Called after every E-step.
  ///   - part: Makes the tree of a part, the same each time; no two have points in
  ///     common.
  /// - Returns: The fitted model.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: An iteration is O(points × components × D) at worst, and makes
  ///   all trees; memory for one of them.
  public func fit(
    parts: Int, from start: MixtureModel, resumes: Bool, truncation: Truncation,
    observer: Observer? = nil, _ part: (Int) -> PointTree
  ) throws(FitError) -> Fit {
    var model = start
    if !resumes {
      model = MixtureModel(
        uncheckedMeans: start.means, dimension: start.dimension,
        pinned: start.pinned)
      let hard = try outcome(of: model, .hard, parts, part)
      model.variance = max(
        hard.floor, hard.inertia / (Double(model.dimension) * hard.weight))
      model.free(options)
    }
    let truncation = try truncation.clamped(to: start.components)
    var log = FitLog(truncation, options)
    while log.goesOn {
      let outcome = try outcome(of: model, truncation, parts, part)
      let used = model.variance
      let step = outcome.statistics.maximized(
        from: model, totalWeight: outcome.weight,
        floor: options.floor(outcome.floor))
      model = step.model
      log.add(
        IterationStatistics(
          freeEnergy: outcome.freeEnergy / outcome.weight,
          inertia: outcome.inertia / outcome.weight,
          variance: used, emptyComponents: step.empty.count), observer)
    }
    return log.fit(model)
  }

  /// What one E-step over all parts gives.
  private struct Outcome {
    var statistics: SufficientStatistics
    var freeEnergy = 0.0
    var inertia = 0.0

    /// N.
    var weight = 0.0

    /// The least variance that the points leave.
    var floor = 0.0
  }

  private func outcome(
    of model: MixtureModel, _ truncation: Truncation, _ parts: Int,
    _ part: (Int) -> PointTree
  ) throws(FitError) -> Outcome {
    var sum = Outcome(
      statistics: SufficientStatistics(
        components: model.components, dimension: model.dimension))
    for number in 0..<parts {
      let tree = part(number)
      var (expectation, truncation) = try expectation(tree, model, truncation)
      let outcome = expectation.outcome(
        of: model, truncation: truncation, floor: tree.leastVariance)
      for i in sum.statistics.values.indices {
        sum.statistics.values[i] += outcome.statistics.values[i]
      }
      sum.freeEnergy += outcome.freeEnergy
      sum.inertia += outcome.inertia
      sum.weight += tree.points.totalWeight
      sum.floor = max(sum.floor, tree.leastVariance)
    }
    return sum
  }
}
