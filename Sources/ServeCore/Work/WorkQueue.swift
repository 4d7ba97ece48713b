import ParallelWork
import Synchronization

/// Runs work that takes long on threads of its own, so many at once, and ends what
/// nobody waits for any more.
public actor WorkQueue {
  private let limits: ServiceLimits

  /// The number of works under way.
  public private(set) var running = 0

  /// Those that wait, the first come first.
  private var queue: [(id: Int, turn: CheckedContinuation<Bool, Never>)] = []
  private var next = 0

  /// A queue.
  public init(_ limits: ServiceLimits) {
    self.limits = limits
  }

  /// The number of works that wait.
  public var waiting: Int { queue.count }

  /// Does some work on a thread of its own.
  ///
  /// - Parameter body: Is given the number of threads that it may use. The work ends
  ///   soon when the task is cancelled or its time is over; what it returns is then
  ///   thrown away.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, or `ServiceError` where too much waits, the time is
  ///   over or the task was cancelled.
  public func run<Result: Sendable>(
    _ body: @escaping @Sendable (_ threads: Int) throws -> Result
  ) async throws -> Result {
    let time = limits.workTime
    return try await turn { threads in
      try await Self.onThread(within: time) { try body(threads) }
    }
  }

  /// Waits for a turn, and does some work then.
  ///
  /// - Parameter body: Is given the number of threads that it may use.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, or `ServiceError` where too much waits or the time
  ///   is over.
  public func turn<Result: Sendable>(
    _ body: @escaping @Sendable (_ threads: Int) async throws -> Result
  ) async throws -> Result {
    try await takeTurn()
    defer { giveTurn() }
    let threads = max(1, limits.threads / max(1, running))
    let time = limits.workTime
    return try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await body(threads) }
      group.addTask {
        try await Task.sleep(for: time)
        throw Self.late
      }
      defer { group.cancelAll() }
      guard let result = try await group.next() else { throw Self.late }
      return result
    }
  }

  private static let late = ServiceError(
    503, "this takes longer than the server allows; ask for less")

  private static func onThread<Result: Sendable>(
    within time: Duration, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    let ending = Ending(after: time)
    let result: Swift.Result<Result, any Error> =
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let started = DetachedThread.start(stackBytes: 8 << 20) {
            continuation.resume(
              returning: Swift.Result {
                try WorkMeter.observing(
                  { _ in }, cancelling: { ending.isDue }
                ) { try body() }
              })
          }
          if !started {
            continuation.resume(returning: .failure(ServiceError.busy))
          }
        }
      } onCancel: {
        ending.now()
      }
    try Task.checkCancellation()
    guard !ending.isDue else { throw late }
    return try result.get()
  }

  private func takeTurn() async throws {
    guard running >= limits.running else {
      running += 1
      return
    }
    guard queue.count < limits.waiting else { throw ServiceError.busy }
    let id = next
    next += 1
    let isTurn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.append((id, continuation))
      }
    } onCancel: {
      Task { await self.leave(id) }
    }
    guard isTurn else { throw CancellationError() }
    guard !Task.isCancelled else {
      giveTurn()
      throw CancellationError()
    }
  }

  /// A turn goes from the one who had it to the next.
  private func giveTurn() {
    guard !queue.isEmpty else {
      running -= 1
      return
    }
    queue.removeFirst().turn.resume(returning: true)
  }

  private func leave(_ id: Int) {
    guard let place = queue.firstIndex(where: { $0.id == id }) else { return }
    queue.remove(at: place).turn.resume(returning: false)
  }

  /// When work is to end.
  private final class Ending: Sendable {
    private let isNow = Atomic(false)
    private let deadline: ContinuousClock.Instant

    init(after time: Duration) {
      deadline = ContinuousClock.now + time
    }

    var isDue: Bool {
      isNow.load(ordering: .relaxed) || ContinuousClock.now >= deadline
    }

    func now() { isNow.store(true, ordering: .relaxed) }
  }
}
