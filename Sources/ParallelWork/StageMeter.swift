/// Tells how far each stage of some work is, in fractions that never fall from
/// the beginning of a stage to its end.
package final class StageMeter<Stage: Equatable> {
  private let observer: (Stage, Double) -> Void

  /// The stage that runs, and what was told of it last.
  private var stage: Stage?
  private var told = 0.0

  /// The least difference of a fraction from the one before, but for the last.
  private static var step: Double { 0.01 }

  /// A meter of work that has not begun.
  ///
  /// - Parameter observer: Gets a stage and a fraction above 0 and at most 1, on
  ///   the thread that does the work.
  package init(_ observer: @escaping (Stage, Double) -> Void) {
    self.observer = observer
  }

  /// Begins a stage, and ends the one before it.
  ///
  /// - Parameter stage: The stage; nothing happens where it runs already.
  package func begin(_ stage: Stage) {
    guard stage != self.stage else { return }
    end()
    self.stage = stage
  }

  /// Ends the stage that runs: all of it is done. Nothing is said of a stage that
  /// has told nothing.
  package func end() {
    if told > 0 { advance(to: 1) }
    stage = nil
    told = 0
  }

  /// Does work of which stages are told.
  ///
  /// - Parameters:
  ///   - cancels: Is asked often whether the work is to end.
  ///   - body: Does it, on this thread.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func run<Result, Failure: Error>(
    cancelling cancels: (() -> Bool)? = nil,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try WorkMeter.observing(
      { [self] in advance(to: $0) }, cancelling: cancels, body)
  }

  private func advance(to fraction: Double) {
    guard let stage, told < 1, fraction >= min(1, told + Self.step) else {
      return
    }
    told = fraction
    observer(stage, fraction)
  }
}
