import ParallelWork

/// Lloyd's k-means as the search uses it: a few iterations, and only the
/// objective is of interest.
struct HardFit: Sendable {
  /// The means. Components without points keep theirs.
  var model: MixtureModel

  /// J of the last assignment with the means that came of it: an upper bound of
  /// the J of a new assignment.
  var inertia: Double
}

extension HardFit {
  /// Runs Lloyd's k-means.
  ///
  /// - Parameters:
  ///   - start: The means to start from.
  ///   - iterations: The most iterations, at least 1.
  ///   - tolerance: Ends when J falls by less than this share.
  ///   - scale: D N.
  ///   - target: A J that is to be reached.
  ///   - patience: Ends when J is farther above the target than this many times
  ///     its last fall.
  ///   - statistics: The E-step.
  /// - Returns: The means and J.
  static func lloyd(
    from start: MixtureModel, iterations: Int, tolerance: Double,
    scale: Double, target: Double = .infinity, patience: Double = .infinity,
    _ statistics: (MixtureModel) -> SufficientStatistics
  ) -> HardFit {
    var fit = HardFit(model: start, inertia: .infinity)
    for iteration in 0..<max(1, iterations) {
      if iteration > 0, WorkMeter.isCancelled { break }
      let step = statistics(fit.model).maximized(
        from: fit.model, totalWeight: scale / Double(start.dimension), floor: 0)
      let inertia = step.model.variance * scale
      let fell = fit.inertia - inertia
      fit = HardFit(model: step.model, inertia: inertia)
      if fell <= tolerance * inertia { break }
      if inertia - target > patience * fell { break }
    }
    return fit
  }
}

extension Expectation {
  /// Runs Lloyd's k-means with momentum: each step goes on in the direction of
  /// the one before, unless J rose.
  ///
  /// Some ten of these iterations lower J as far as some thirty of Lloyd's. (Y.
  /// Nesterov's acceleration with the restart of B. O'Donoghue and E. Candès,
  /// "Adaptive restart for accelerated gradient schemes", Foundations of
  /// Computational Mathematics 15, 2015, section 3.2, doi
  /// 10.1007/s10208-013-9150-3, with Lloyd's step in place of a gradient's.)
  ///
  /// - Parameters:
  ///   - start: The means to start from.
  ///   - iterations: How many.
  /// - Returns: The means after the last iteration, which has no momentum.
  mutating func accelerated(
    from start: MixtureModel, iterations: Int
  ) -> MixtureModel {
    let momentum = 0.9
    var model = start
    var previous = start
    var last = Double.infinity
    for iteration in 0..<iterations where !WorkMeter.isCancelled {
      let (statistics, sums) = hardStatistics(of: model)
      let next = statistics.maximized(
        from: model, totalWeight: points.totalWeight, floor: 0
      ).model
      model = next
      if sums.inertia < last, iteration + 1 < iterations {
        for i in model.means.indices {
          model.means[i] += momentum * (next.means[i] - previous.means[i])
        }
      }
      previous = next
      last = sums.inertia
    }
    return model
  }

  /// Runs Lloyd's k-means over all points; see ``HardFit/lloyd``.
  mutating func lloyd(
    from start: MixtureModel, iterations: Int, tolerance: Double
  ) -> HardFit {
    HardFit.lloyd(
      from: start, iterations: iterations, tolerance: tolerance,
      scale: Double(points.dimension) * points.totalWeight
    ) { hardStatistics(of: $0).0 }
  }
}

extension Expectation {
  private func partialExpectation(
    components: Int, truncation: Int
  ) -> NeighbourhoodExpectation? {
    let fastest = EStep.fastest(
      components: components, truncation: truncation,
      dimension: points.dimension)
    guard case .neighbourhood(let size) = fastest else { return nil }
    return NeighbourhoodExpectation(
      tree, components: components, truncation: truncation, size: size,
      workers: workers)
  }

  /// Runs soft iterations.
  ///
  /// - Parameters:
  ///   - start: The parameters to start from, their variance greater than 0.
  ///   - truncation: C', 2 to the number of components.
  ///   - iterations: How many.
  ///   - floor: The least variance.
  ///   - scale: What variances are multiplied by.
  /// - Returns: The parameters after them.
  mutating func softened(
    _ start: MixtureModel, truncation: Int, iterations: Int, floor: Double,
    scale: Double
  ) -> MixtureModel {
    var model = start
    let partial = partialExpectation(
      components: start.components, truncation: truncation)
    for _ in 0..<iterations where !WorkMeter.isCancelled {
      let outcome =
        partial?.outcome(of: model)
        ?? softOutcome(of: model, truncation: truncation)
      model =
        outcome.statistics
        .maximized(from: model, totalWeight: points.totalWeight, floor: floor)
        .model
      model.variance = max(floor, scale * model.variance)
    }
    return model
  }
}
