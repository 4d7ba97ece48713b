import Synchronization

/// Runs numbered pieces of work on a bounded number of threads.
///
/// The pieces, their numbers and their order of reduction never depend on the
/// number of threads: callers cut their work into a fixed number of pieces,
/// each writes only what is its own, and results are combined in the order of
/// the piece numbers. That is what makes every output of this project
/// byte-identical on one thread and on many.
public struct Workers: Sendable {
  /// The most threads that run at once, at least 1.
  public let threads: Int

  /// Creates workers that use at most `threads` threads.
  ///
  /// - Parameter threads: The bound; values below 1 count as 1. More threads
  ///   than the machine has cores change nothing in the results.
  public init(threads: Int) {
    self.threads = max(1, threads)
  }

  /// Calls `body` once for each piece `0..<count`, and returns when all are
  /// done.
  ///
  /// Pieces are handed out in ascending order to whichever thread is free.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - body: Must write only to memory that belongs to the piece.
  /// - Complexity: `count` calls of `body`, spread over `threads` threads.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let running = min(threads, count)
    guard running > 1 else {
      for piece in 0..<max(0, count) { body(piece) }
      return
    }
    let next = Atomic<Int>(0)
    ThreadPool.shared.run(helpers: running - 1) {
      while true {
        let piece = next.add(1, ordering: .relaxed).oldValue
        guard piece < count else { return }
        body(piece)
      }
    }
  }
}
