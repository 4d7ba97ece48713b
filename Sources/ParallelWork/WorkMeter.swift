import CLibrary
import Synchronization

/// Tells how far some work has come, as a fraction of all of it.
///
/// Who wants to know runs the work under ``observing(_:_:)``. Loops that take
/// long ask for the meter of their thread (``current``), and tell it what they
/// have done; work that has several such loops says which part of the whole
/// each is (``part(_:_:)``). Where nobody wants to know there is no meter, and
/// nothing is counted. What is computed never depends on it.
///
/// Fractions are estimates of time. They may come in any number: who observes
/// chooses which to pass on.
package struct WorkMeter: Sendable {
  /// Who observes, and on which thread.
  ///
  /// - Note: Marked Sendable because the compiler cannot see that the observers
  ///   are only called by the thread that made the watch.
  private final class Watch: @unchecked Sendable {
    private let observer: (Double) -> Void
    private let thread = pthread_self()

    private let asks: (() -> Bool)?

    init(
      _ observer: @escaping (Double) -> Void, _ asks: (() -> Bool)?
    ) {
      self.observer = observer
      self.asks = asks
    }

    /// Whether the work is to end.
    private let ends = Atomic(false)

    private var isOwn: Bool { pthread_equal(thread, pthread_self()) != 0 }

    var isCancelled: Bool {
      if ends.load(ordering: .relaxed) { return true }
      guard isOwn, let asks, asks() else { return false }
      ends.store(true, ordering: .relaxed)
      return true
    }

    func tell(_ fraction: Double) {
      if isOwn { observer(fraction) }
    }

    func cancel() {
      if isOwn { ends.store(true, ordering: .relaxed) }
    }
  }

  /// The meter of the work that this thread does, if there is one.
  @TaskLocal package static var current: WorkMeter?

  /// Whether the work that this thread does is to end soon, with any result:
  /// nobody will use it. Loops of long iterations ask before each.
  package static var isCancelled: Bool { current?.isCancelled ?? false }

  /// The same for threads that help: they ask the meter of the one who has the
  /// work. It costs next to nothing.
  package var isCancelled: Bool { watch.isCancelled }

  private let watch: Watch

  /// Where this part begins, and how long it is.
  private let start: Double
  private let length: Double

  /// Does work that is told of.
  ///
  /// - Parameters:
  ///   - observer: Gets fractions within 0...1, on this thread.
  ///   - cancels: Is asked often, on this thread, whether the work is to end.
  ///   - body: Does the work.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package static func observing<Result, Failure: Error>(
    _ observer: @escaping (Double) -> Void,
    cancelling cancels: (() -> Bool)? = nil,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try run(
      WorkMeter(watch: Watch(observer, cancels), start: 0, length: 1), body)
  }

  /// Does work of which nobody is told.
  ///
  /// - Parameter body: Does the work.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package static func silently<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    current == nil ? try body() : try run(nil, body)
  }

  /// Does a part of the work that this thread does.
  ///
  /// - Parameters:
  ///   - range: Where the part begins and ends, within 0...1.
  ///   - body: Does it; what it tells is of this part.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package static func part<Result, Failure: Error>(
    _ range: ClosedRange<Double>, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let whole = current else { return try body() }
    let part = WorkMeter(
      watch: whole.watch,
      start: whole.start + whole.length * range.lowerBound,
      length: whole.length * (range.upperBound - range.lowerBound))
    let result = try run(part, body)
    part.tell(1, of: 1)
    return result
  }

  /// Does one of several parts that take about the same time.
  ///
  /// - Parameters:
  ///   - number: The number of the part, from 0.
  ///   - count: How many there are; the last one may be done again.
  ///   - body: Does it.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package static func part<Result, Failure: Error>(
    _ number: Int, of count: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let total = Double(max(1, count))
    let number = Double(max(0, min(number, count - 1)))
    return try part(number / total...(number + 1) / total, body)
  }

  /// Tells what is done of this part; from threads that only help, nothing is
  /// told.
  ///
  /// - Parameters:
  ///   - done: What is done.
  ///   - total: All that there is to do.
  package func tell(_ done: Int, of total: Int) {
    guard total > 0 else { return }
    let share = Double(max(0, min(done, total))) / Double(total)
    watch.tell(min(1, start + length * share))
  }

  /// Asks the work that this thread does to end. An observer may call this; who
  /// runs the work then has no use for what it returns.
  package static func cancel() { current?.watch.cancel() }

  private static func run<Result, Failure: Error>(
    _ meter: WorkMeter?, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // `withValue` forgets which errors there are.
    let result = $current.withValue(meter) {
      () -> Swift.Result<Result, Failure> in
      do throws(Failure) {
        return .success(try body())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
