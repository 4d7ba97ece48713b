import CQuantize
import ParallelWork
import Quantization

/// Does work and tells a progress function how far it is.
///
/// - Parameters:
///   - progress: The function, if there is one.
///   - context: What it gets.
///   - body: Does the work; its argument takes the events of a quantizer.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or that the function has cancelled it.
func observed<Result>(
  _ progress: quantize_progress?, _ context: UnsafeMutableRawPointer?,
  _ body: (Quantizer.Observer?) throws(Failure) -> Result
) throws(Failure) -> Result {
  guard let progress else { return try body(nil) }
  return try observed({ progress($0.text, $1, context) }, body)
}

/// Does work and tells how far it is.
///
/// - Parameters:
///   - tell: Gets a stage and a fraction of it; says whether to go on.
///   - body: Does the work; its argument takes the events of a quantizer.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or that `tell` has cancelled it.
func observed<Result>(
  _ tell: @escaping (QuantizerEvent.Stage, Double) -> Bool,
  _ body: (Quantizer.Observer?) throws(Failure) -> Result
) throws(Failure) -> Result {
  var isCancelled = false
  var last: QuantizerEvent.Stage?
  var told: (stage: QuantizerEvent.Stage, fraction: Double, at: Instant)?
  func report(_ stage: QuantizerEvent.Stage, _ fraction: Double) {
    guard !isCancelled else { return }
    told = (stage, fraction, .now)
    guard !tell(stage, fraction) else { return }
    isCancelled = true
    WorkMeter.cancel()
  }
  // Whoever wants to cancel is not to wait for the next percent.
  func cancels() -> Bool {
    guard !isCancelled, let told, told.at.duration(to: .now) >= pollInterval
    else { return isCancelled }
    report(told.stage, told.fraction)
    return isCancelled
  }
  let result = Swift.Result { () throws(Failure) in
    try withoutActuallyEscaping(report) { report throws(Failure) in
      try withoutActuallyEscaping(cancels) { cancels throws(Failure) in
        let meter = StageMeter<QuantizerEvent.Stage>(report)
        return try meter.run(cancelling: cancels) { () throws(Failure) in
          defer { meter.end() }
          return try body { event in
            // Work in several steps may begin a stage more than once.
            guard case .stage(let stage) = event, stage != last else { return }
            last = stage
            meter.begin(stage)
            report(stage, 0)
          }
        }
      }
    }
  }
  guard !isCancelled else { throw .cancelled }
  return try result.get()
}

private typealias Instant = ContinuousClock.Instant

/// How long a progress function is left in peace where nothing is new.
private let pollInterval = Duration.milliseconds(50)

extension QuantizerEvent.Stage {
  /// The name of the stage; it lives as long as the program.
  fileprivate var text: UnsafePointer<CChar> {
    let name: StaticString =
      switch self {
      case .histogram: "histogram"
      case .fit: "fit"
      case .map: "map"
      }
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
