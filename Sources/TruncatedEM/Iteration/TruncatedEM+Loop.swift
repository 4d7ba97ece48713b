extension TruncatedEM {
  /// Runs EM: the E-step, the M-step, and what becomes of empty components,
  /// until the fit has converged.
  ///
  /// - Parameters:
  ///   - start: The means to start from.
  ///   - resumes: Whether all parameters are taken from `start`, and not its
  ///     means alone.
  ///   - coarse: F of the iterations on boxes before.
  ///   - step: The E-steps. With an acceleration their outcome must be that of
  ///     the parameters alone.
  ///   - truncation: C', at most C.
  ///   - acceleration: How iterations come to their end faster.
  ///   - observer: Called after every E-step that counts.
  /// - Returns: The fitted model.
  /// - Throws: What the E-steps throw.
  func run(
    from start: MixtureModel, resumes: Bool = false, coarse: [Double] = [],
    _ step: inout some ExpectationStep, truncation: Truncation,
    _ acceleration: Acceleration, _ observer: Observer?
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
    var anderson = acceleration == .anderson ? AndersonAcceleration() : nil
    // Where plain EM is; and F there, while `model` is what was proposed instead.
    var plain = model
    var least: Double?
    while log.goesOn {
      let outcome: ExpectationOutcome
      if let hard = first.take() {
        outcome = hard
      } else {
        outcome = try step.outcome(of: model)
      }
      // A comparison that fails for what is not a number.
      if let bound = least.take(), !(outcome.freeEnergy >= bound) {
        model = plain
        anderson?.restart()
        log.reject()
        continue
      }
      let floor = options.floor(outcome.leastVariance)
      let (next, empty) = outcome.statistics.maximized(
        from: model, totalWeight: outcome.totalWeight, floor: floor)
      plain = next
      let movable = empty.filter { $0 >= model.pinned }
      let reseeds =
        options.emptyComponents == .reseed && options.mixingWeights == .equal
        && !movable.isEmpty
      if reseeds {
        step.reseed(movable, of: &plain)
        anderson?.restart()
      }
      log.add(
        IterationStatistics(
          freeEnergy: outcome.freeEnergy / outcome.totalWeight,
          inertia: outcome.inertia / outcome.totalWeight,
          variance: model.variance, emptyComponents: empty.count,
          distances: outcome.distances),
        shift: options.shift(
          outcome.leastVariance, dimension: model.dimension), observer)
      if !reseeds,
        let proposal = anderson?.proposal(
          from: model, to: plain, outcome.statistics, floor: floor)
      {
        model = proposal
        least = outcome.freeEnergy
      } else {
        model = plain
      }
    }
    return log.fit(plain)
  }
}
