import CLibrary

extension TruncatedEM {
  /// Runs EM: the E-step, the M-step, and what becomes of empty components,
  /// until the fit has converged.
  ///
  /// - Parameters:
  ///   - start: The means to start from.
  ///   - resumes: Whether all parameters are taken from `start`, and not its
  ///     means alone.
  ///   - coarse: F of the iterations on boxes before.
  ///   - step: The E-steps.
  ///   - truncation: C', at most C.
  ///   - observer: Called after every E-step.
  /// - Returns: The fitted model.
  /// - Throws: What the E-steps throw.
  func run(
    from start: MixtureModel, resumes: Bool = false, coarse: [Double] = [],
    _ step: inout some ExpectationStep, truncation: Truncation,
    _ observer: Observer?
  ) throws(FitError) -> Fit {
    var model = start
    // The first E-step, where it has been made already.
    var first: ExpectationOutcome?
    if !resumes {
      let hard = try step.assignment(to: start)
      model = MixtureModel(
        uncheckedMeans: start.means, dimension: start.dimension,
        variance: max(options.floor(hard.leastVariance), hard.variance),
        pinned: start.pinned)
      model.free(options)
      if truncation == .hard, !options.isGeneral { first = hard }
    }
    var log = FitLog(coarse: coarse, truncation, options)
    while log.goesOn {
      let outcome: ExpectationOutcome
      if let hard = first.take() {
        outcome = hard
      } else {
        outcome = try step.outcome(of: model)
      }
      let used = model.variance
      let (next, empty) = outcome.statistics.maximized(
        from: model, totalWeight: outcome.totalWeight,
        floor: options.floor(outcome.leastVariance))
      model = next
      let movable = empty.filter { $0 >= model.pinned }
      if options.emptyComponents == .reseed, options.mixingWeights == .equal,
        !movable.isEmpty
      {
        step.reseed(movable, of: &model)
      }
      log.add(
        IterationStatistics(
          freeEnergy: outcome.freeEnergy / outcome.totalWeight,
          inertia: outcome.inertia / outcome.totalWeight,
          variance: used, emptyComponents: empty.count),
        shift: shift(outcome), observer)
    }
    return log.fit(model)
  }

  /// By how much F per point is more where coordinates are measured in the steps
  /// to which they were rounded.
  private func shift(_ outcome: ExpectationOutcome) -> Double {
    let variance = 12 * options.roundingVariance(outcome.leastVariance)
    guard variance > 0 else { return 0 }
    return Double(outcome.statistics.dimension) / 2 * log(variance)
  }
}
