import ParallelWork

/// How a fit goes, and when it ends.
struct FitLog {
  /// Whether another iteration follows.
  private(set) var goesOn: Bool

  private var iterations: [IterationStatistics] = []
  private var converged = false
  private let coarse: [Double]
  private let truncation: Truncation
  private let options: FitOptions

  /// No iteration over all points yet.
  ///
  /// - Parameters:
  ///   - coarse: F of the iterations on boxes before.
  ///   - truncation: C'.
  ///   - options: How to fit.
  init(coarse: [Double], _ truncation: Truncation, _ options: FitOptions) {
    self.coarse = coarse
    self.truncation = truncation
    self.options = options
    goesOn = options.maximumIterations > 0
  }

  /// Adds an iteration, and tells who watches.
  ///
  /// - Parameters:
  ///   - statistics: The iteration.
  ///   - shift: What is added to F before it is compared.
  ///   - observer: Who watches.
  mutating func add(
    _ statistics: IterationStatistics, shift: Double,
    _ observer: TruncatedEM.Observer?
  ) {
    if let last = iterations.last {
      converged = hasConverged(last, statistics, shift)
    }
    iterations.append(statistics)
    WorkMeter.current?.tell(iterations.count, of: options.maximumIterations)
    goesOn = !converged && iterations.count < options.maximumIterations
    if observer?(statistics) == .stop || WorkMeter.isCancelled {
      goesOn = false
    }
  }

  /// The fit that ended with a model.
  func fit(_ model: MixtureModel) -> Fit {
    Fit(
      model: model, truncation: truncation, iterations: iterations,
      coarseFreeEnergies: coarse, converged: converged)
  }

  private func hasConverged(
    _ last: IterationStatistics, _ now: IterationStatistics, _ shift: Double
  ) -> Bool {
    let (old, new) =
      truncation.count == 1 && !options.isGeneral
      ? (last.inertia, now.inertia)
      : (last.freeEnergy + shift, now.freeEnergy + shift)
    return abs(new - old) < options.tolerance * abs(old)
      || (old == new && options.tolerance > 0)
  }
}
