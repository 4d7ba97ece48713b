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

  private let meter: StageMeter<JobStage>

  /// A monitor whose total time starts now.
  ///
  /// - Parameter observer: Receives the events.
  init(_ observer: @escaping JobEvent.Observer = { _ in }) {
    self.observer = observer
    meter = StageMeter { observer(.progress($0, $1)) }
    created = clock.now
  }

  /// Passes an event on.
  func tell(_ event: JobEvent) { observer(event) }

  /// Ends the stage that runs, if one does, and starts another.
  func start(_ stage: JobStage) {
    if stage != running?.stage {
      meter.begin(stage)
      observer(.stage(stage))
    }
    addTime()
    running = (stage, clock.now)
  }

  /// Ends the stage that runs, if one does.
  func stop() {
    meter.end()
    addTime()
  }

  private func addTime() {
    guard let (stage, since) = running else { return }
    spent[stage, default: .zero] += clock.now - since
    running = nil
  }

  /// Does a job whose stages tell how far they are.
  ///
  /// - Parameters:
  ///   - observer: Receives the events.
  ///   - job: Does the job, on this thread, and begins its stages.
  /// - Returns: What `job` returns.
  /// - Throws: What `job` throws.
  static func observing<Result>(
    _ observer: @escaping JobEvent.Observer,
    _ job: (JobMonitor) throws(QuantizeError) -> Result
  ) throws(QuantizeError) -> Result {
    let monitor = JobMonitor(observer)
    let result = try monitor.meter.run { () throws(QuantizeError) in
      try job(monitor)
    }
    monitor.stop()
    return result
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
      // A job tells how far it is by the meter of its own stages.
      case .progress: break
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
