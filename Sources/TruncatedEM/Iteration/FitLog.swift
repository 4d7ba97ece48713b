import ParallelWork

/// How a fit goes, and when it ends.
struct FitLog {
  /// Whether another iteration follows.
  var goesOn: Bool { ending == nil }

  private var iterations: [IterationStatistics] = []
  private var rejected = 0
  private var ending: Fit.Ending?
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
    if options.maximumIterations == 0 { ending = .iterations }
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
    let last = iterations.last
    iterations.append(statistics)
    countSteps()
    if let last, hasConverged(last, statistics, shift) { ending = .tolerance }
    if observer?(statistics) == .stop { stop() }
    if WorkMeter.isCancelled { stop() }
  }

  /// Counts an E-step at parameters that were given up.
  mutating func reject() {
    rejected += 1
    countSteps()
    if WorkMeter.isCancelled { stop() }
  }

  /// The fit that ended with a model.
  func fit(_ model: MixtureModel) -> Fit {
    Fit(
      model: model, truncation: truncation, iterations: iterations,
      rejectedSteps: rejected, coarseFreeEnergies: coarse,
      ending: ending ?? .stopped)
  }

  private mutating func countSteps() {
    let steps = iterations.count + rejected
    WorkMeter.current?.tell(steps, of: options.maximumIterations)
    if steps >= options.maximumIterations { ending = .iterations }
  }

  /// A fit that has converged is not one that was stopped.
  private mutating func stop() {
    if ending != .tolerance { ending = .stopped }
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
