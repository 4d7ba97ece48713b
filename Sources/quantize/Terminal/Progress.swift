import CLibrary
import ParallelWork
import QuantizeKit
import Synchronization
import TruncatedEM

/// Shows how a job goes: each iteration of a fit where asked for, or else one line
/// on a terminal once it takes longer than a second. A separate thread keeps that
/// line up to date.
final class Progress: Sendable {
  private struct State {
    var iteration = 0

    /// What is being done.
    var doing = "reading"

    /// How much of it is done, in percent, if that is known.
    var percent: Int?

    /// Whether strips of an image are to come in this pass.
    var isWithinRows = false

    /// What else there is to say of it.
    var detail: String?

    /// When it was shown last.
    var shown: ContinuousClock.Instant?

    /// Whether there is nothing to show any more.
    var isOver = true

    /// All of that in a few words.
    var text: String {
      let more = [percent.map { "\($0) %" }, detail].compactMap(\.self)
      return more.isEmpty
        ? doing : "\(doing): \(more.joined(separator: ", "))"
    }
  }

  /// Microseconds after which the line is written again.
  private static let tick: UInt32 = 200_000

  private static let stackBytes = 1 << 18

  private let quiet: Bool
  private let verbose: Bool

  /// What figures are per.
  private let unit: String
  private let began = ContinuousClock.now
  private let state = Mutex(State())

  /// Progress for a job, on pixels or on what else there is.
  init(quiet: Bool, verbose: Bool, per unit: String = "pixel") {
    self.quiet = quiet
    self.verbose = verbose
    self.unit = unit
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
          + "nats/\(unit), J \(Summary.fixed(statistics.inertia, 4))/\(unit), "
          + "σ² \(Summary.fixed(statistics.variance, 4))")
    } else {
      show(
        detail: "iteration \(iteration), "
          + "F \(Summary.fixed(statistics.freeEnergy, 4)) nats/\(unit)")
    }
  }

  /// Shows the events of a job.
  var events: JobEvent.Observer {
    { event in
      switch event {
      case .warning(let file, let text):
        guard !self.quiet else { return }
        Terminal.warn(file, text)
      case .stage(let stage): self.show(stage)
      case .progress(_, let fraction): self.show(fraction)
      case .iteration(let statistics): self.show(statistics)
      case .candidate(let candidate): self.show(candidate)
      case .strip(let progress): self.show(progress)
      case .comparison(let progress): self.show(progress)
      }
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
    begin()
    defer { clear() }
    return try body()
  }

  /// Shows a stage of a job.
  func show(_ stage: JobStage) {
    let text =
      switch stage {
      case .decode: "reading"
      case .histogram: "counting colours"
      case .fit: "fitting"
      case .merge: "merging regions"
      case .map: "mapping"
      case .encode: "writing"
      case .metrics: "measuring"
      case .soft: "writing soft outputs"
      case .compare: "comparing"
      }
    // A stage that takes long is shown by the next tick.
    state.withLock { state in
      // The stages of one strip are short: its rows say more.
      guard !state.isWithinRows else { return }
      state.doing = text
      state.percent = nil
      state.detail = nil
    }
  }

  /// Shows how much of the stage is done.
  private func show(_ fraction: Double) {
    // As with the stage, the next tick shows it.
    state.withLock { $0.percent = min(100, max(0, Int(100 * fraction))) }
  }

  /// Shows a number of colours that was tried.
  func show(_ candidate: SelectionRecord.Candidate) {
    if verbose {
      Terminal.note(Summary.line(of: candidate))
    } else {
      show(detail: "k: tried \(candidate.k)")
    }
  }

  /// Shows how far an image has come that is too large for memory.
  func show(_ progress: StreamProgress) {
    let doing =
      switch progress.pass {
      case .counting: "counting colours"
      case .dithering: "dithering"
      case .writing: "writing"
      }
    state.withLock { state in
      state.isWithinRows = progress.row < progress.rows
      state.doing = doing
      state.percent = 100 * progress.row / progress.rows
      state.detail = nil
      refresh(&state, every: .milliseconds(100))
    }
  }

  /// Shows which image of a comparison is worked on.
  func show(_ progress: ComparisonProgress) {
    show(
      detail: "\(progress.done + 1) of \(progress.total), \(progress.name)")
  }

  /// Shows more of what is done, in place of the last, unless that has just been
  /// shown.
  private func show(detail: String) {
    state.withLock { state in
      state.detail = detail
      refresh(&state, every: .milliseconds(100))
    }
  }

  /// Writes what is being done, if a second has passed since the start and some
  /// time since that was written last.
  private func refresh(_ state: inout State, every interval: Duration) {
    let now = ContinuousClock.now
    guard !state.isOver, now - began > .seconds(1) else { return }
    if let shown = state.shown, now - shown < interval { return }
    state.shown = now
    let seconds = (now - began).components.seconds
    Terminal.showLine("\(state.text) (\(seconds) s)")
  }

  /// Starts the thread that keeps the line up to date, on a terminal.
  func begin() {
    guard !quiet, !verbose, Terminal.errorIsTerminal else { return }
    state.withLock { $0.isOver = false }
    _ = DetachedThread.start(stackBytes: Self.stackBytes) {
      self.keepShowing()
    }
  }

  private func keepShowing() {
    var isOver = false
    while !isOver {
      usleep(Self.tick)
      isOver = state.withLock { state in
        refresh(&state, every: .microseconds(Int64(Self.tick)))
        return state.isOver
      }
    }
  }

  /// Removes the line, if there is one, and shows no more.
  func clear() {
    state.withLock { state in
      state.isOver = true
      state.shown = nil
      Terminal.clearLine()
    }
  }
}
