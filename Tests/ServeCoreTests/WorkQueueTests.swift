import ParallelWork
import ServeCore
import Synchronization
import Testing

@Suite struct WorkQueueTests {
  /// What several tasks count.
  private final class Counts: Sendable {
    let state = Mutex((now: 0, most: 0, done: 0))
    let ends = Atomic(false)
    let refused = Atomic(0)
  }

  @Test func soManyRunAtOnce() async throws {
    var limits = ServiceLimits()
    limits.running = 3
    limits.threads = 6
    let queue = WorkQueue(limits)
    let counts = Counts()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask {
          try await queue.run { threads in
            #expect((1...6).contains(threads))
            counts.state.withLock {
              $0.now += 1
              $0.most = max($0.most, $0.now)
            }
            var x = 0.0
            for n in 0..<200_000 { x += Double(n).squareRoot() }
            #expect(x > 0)
            counts.state.withLock {
              $0.now -= 1
              $0.done += 1
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let (_, most, done) = counts.state.withLock { $0 }
    #expect(most <= 3)
    #expect(done == 40)
    #expect(await queue.running == 0)
  }

  @Test func tooMuchIsRefused() async throws {
    var limits = ServiceLimits()
    limits.running = 1
    limits.waiting = 1
    let queue = WorkQueue(limits)
    let counts = Counts()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          do {
            try await queue.run { _ in
              while !counts.ends.load(ordering: .relaxed) {}
            }
          } catch let error as ServiceError {
            #expect(error.status == 503)
            if counts.refused.add(1, ordering: .relaxed).newValue == 4 {
              counts.ends.store(true, ordering: .relaxed)
            }
          } catch {
            Issue.record("\(error)")
          }
        }
      }
    }
    #expect(counts.refused.load(ordering: .relaxed) == 4)
    #expect(await queue.waiting == 0)
  }

  /// Work that nobody waits for ends, under way or in the queue.
  @Test func cancelledWorkEnds() async throws {
    var limits = ServiceLimits()
    limits.running = 1
    let queue = WorkQueue(limits)
    let tasks = (0..<3).map { _ in
      Task {
        try await queue.run { _ in while !WorkMeter.isCancelled {} }
      }
    }
    while await queue.waiting < 2 { await Task.yield() }
    for task in tasks.reversed() { task.cancel() }
    for task in tasks {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    #expect(await queue.running == 0)
    #expect(try await queue.run { _ in 7 } == 7)
  }

  @Test func timeIsLimited() async {
    var limits = ServiceLimits()
    limits.workTime = .milliseconds(50)
    let queue = WorkQueue(limits)
    let error = await #expect(throws: ServiceError.self) {
      try await queue.run { _ in while !WorkMeter.isCancelled {} }
    }
    #expect(error?.status == 503)
    #expect(await queue.running == 0)
  }
}
