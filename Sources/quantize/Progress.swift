import QuantizeKit
import Synchronization
import TruncatedEM

/// Shows how a fit goes: each iteration where asked for, or else one line on a
/// terminal once it takes longer than a second.
final class Progress: Sendable {
  private struct State {
    var iteration = 0
    var shown: ContinuousClock.Instant?
  }

  private let quiet: Bool
  private let verbose: Bool
  private let began = ContinuousClock.now
  private let state = Mutex(State())

  /// Progress for a job.
  init(quiet: Bool, verbose: Bool) {
    self.quiet = quiet
    self.verbose = verbose
  }

  /// Shows an iteration.
  func show(_ statistics: IterationStatistics) {
    let iteration = state.withLock { state in
      state.iteration += 1
      return state.iteration
    }
    if verbose {
      Terminal.note(
        "iteration \(iteration): F \(Summary.fixed(statistics.freeEnergy, 6)) "
          + "nats/pixel, J \(Summary.fixed(statistics.inertia, 4))/pixel, "
          + "σ² \(Summary.fixed(statistics.variance, 4))")
    } else if !quiet, Terminal.errorIsTerminal, isDue() {
      Terminal.write(
        "\r\u{1b}[Kfitting: iteration \(iteration), "
          + "F \(Summary.fixed(statistics.freeEnergy, 4)) nats/pixel")
    }
  }

  /// Shows the iterations of a fit that nothing is to stop.
  var observer: TruncatedEM.Observer {
    { statistics in
      self.show(statistics)
      return .proceed
    }
  }

  /// Shows what was passed over in an input.
  ///
  /// - Parameter input: The file.
  /// - Returns: Gets a line for a person.
  func warnings(of input: FileLocation) -> (String) -> Void {
    { warning in
      guard !self.quiet else { return }
      Terminal.note("quantize: \(input.displayName): warning: \(warning)")
    }
  }

  /// Does what is shown, and removes the line when that ends.
  ///
  /// - Parameter body: Does it.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  func showing<Result>(
    _ body: () throws(QuantizeError) -> Result
  ) throws(QuantizeError) -> Result {
    defer { clear() }
    return try body()
  }

  /// Shows a number of colours that was tried.
  func show(_ candidate: SelectionRecord.Candidate) {
    if verbose {
      Terminal.note(Summary.line(of: candidate))
    } else if !quiet, Terminal.errorIsTerminal, isDue() {
      Terminal.write("\r\u{1b}[Kchoosing k: tried \(candidate.k)")
    }
  }

  /// Shows how far an image has come that is too large for memory.
  func show(_ progress: StreamProgress) {
    guard !quiet, Terminal.errorIsTerminal, isDue() else { return }
    let doing =
      switch progress.pass {
      case .counting: "counting colours"
      case .dithering: "dithering"
      case .writing: "writing"
      }
    Terminal.write(
      "\r\u{1b}[K\(doing): \(100 * progress.row / progress.rows) % of "
        + "\(progress.rows) rows")
  }

  /// Shows which image of a comparison is worked on.
  func show(_ progress: ComparisonProgress) {
    guard !quiet, Terminal.errorIsTerminal, isDue() else { return }
    Terminal.write(
      "\r\u{1b}[K\(progress.done + 1) of \(progress.total): \(progress.name)")
  }

  /// Whether a second has passed since the start and a tenth since the last
  /// line.
  private func isDue() -> Bool {
    let now = ContinuousClock.now
    guard now - began > .seconds(1) else { return false }
    return state.withLock { state in
      if let shown = state.shown, now - shown < .milliseconds(100) {
        return false
      }
      state.shown = now
      return true
    }
  }

  /// Removes the line, if there is one.
  func clear() {
    let shown = state.withLock { $0.shown != nil }
    if shown { Terminal.write("\r\u{1b}[K") }
  }
}
