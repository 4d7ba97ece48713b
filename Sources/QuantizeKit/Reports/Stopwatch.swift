/// Measures how long each stage of a job takes.
public struct Stopwatch: Sendable {
  /// The stages of a job, in their order.
  public enum Stage: String, CaseIterable, Sendable {
    case decode
    case histogram
    case fit
    case map
    case encode
    case metrics
  }

  /// Called when a stage begins.
  public typealias Observer = @Sendable (Stage) -> Void

  private let observer: Observer?
  private let clock = ContinuousClock()
  private let created: ContinuousClock.Instant
  private var running: (stage: Stage, since: ContinuousClock.Instant)?
  private var spent: [Stage: Duration] = [:]

  /// A stopwatch whose total time starts now.
  ///
  /// - Parameter observer: Called when a stage begins.
  public init(observer: Observer? = nil) {
    self.observer = observer
    created = clock.now
  }

  /// Ends the stage that runs, if one does, and starts another.
  public mutating func start(_ stage: Stage) {
    if stage != running?.stage { observer?(stage) }
    stop()
    running = (stage, clock.now)
  }

  /// Ends the stage that runs, if one does.
  public mutating func stop() {
    guard let (stage, since) = running else { return }
    spent[stage, default: .zero] += clock.now - since
    running = nil
  }

  /// Seconds spent in a stage so far, without the time of one that runs.
  public func seconds(_ stage: Stage) -> Double {
    (spent[stage] ?? .zero) / .seconds(1)
  }

  /// Seconds since the stopwatch was made.
  public var totalSeconds: Double {
    (clock.now - created) / .seconds(1)
  }
}
