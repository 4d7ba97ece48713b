import ParallelWork
import Quantization

/// Passes the events of a job on, and measures how long each stage takes and how
/// far it is.
final class JobMonitor {
  private let observer: JobEvent.Observer
  private let clock = ContinuousClock()
  private let created: ContinuousClock.Instant
  private var running: (stage: JobStage, since: ContinuousClock.Instant)?
  private var spent: [JobStage: Duration] = [:]

  /// The most that was told of each stage, and when something was told last of
  /// the one that runs.
  private var told: [JobStage: Double] = [:]
  private var lastTold: ContinuousClock.Instant?

  /// The least time from one fraction to the next.
  private static let interval = Duration.milliseconds(50)

  /// A monitor whose total time starts now.
  ///
  /// - Parameter observer: Receives the events.
  init(_ observer: @escaping JobEvent.Observer = { _ in }) {
    self.observer = observer
    created = clock.now
  }

  /// Passes an event on.
  func tell(_ event: JobEvent) { observer(event) }

  /// Ends the stage that runs, if one does, and starts another.
  func start(_ stage: JobStage) {
    if stage != running?.stage {
      lastTold = nil
      observer(.stage(stage))
    }
    stop()
    running = (stage, clock.now)
  }

  /// Ends the stage that runs, if one does.
  func stop() {
    guard let (stage, since) = running else { return }
    spent[stage, default: .zero] += clock.now - since
    running = nil
  }

  /// Does work whose stages tell how far they are.
  ///
  /// - Parameter body: Does the work, on this thread.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  func metering<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try WorkMeter.observing({ [self] in advance(to: $0) }, body)
  }

  /// Tells how much of the stage that runs is done, unless that is no more than
  /// before or something was told just now.
  private func advance(to fraction: Double) {
    guard let stage = running?.stage, fraction > told[stage, default: 0] else {
      return
    }
    let now = clock.now
    if let lastTold, now - lastTold < Self.interval { return }
    lastTold = now
    told[stage] = fraction
    observer(.progress(stage, fraction))
  }

  /// The observer of a quantizer whose stages and events are those of the job.
  var quantizerObserver: Quantizer.Observer {
    { [self] event in
      switch event {
      case .stage(.histogram): start(.histogram)
      case .stage(.fit): start(.fit)
      case .stage(.map): start(.map)
      case .iteration(let statistics): tell(.iteration(statistics))
      case .candidate(let candidate):
        tell(.candidate(SelectionRecord.Candidate(candidate)))
      }
    }
  }

  /// Seconds spent in a stage so far, without the time of one that runs.
  func seconds(_ stage: JobStage) -> Double {
    (spent[stage] ?? .zero) / .seconds(1)
  }

  /// Seconds since the monitor was made.
  var totalSeconds: Double { (clock.now - created) / .seconds(1) }
}
