import Dispatch
import QuantizeKit
import Synchronization
import Testing

/// Handing out images within budgets.
@Suite struct BatchQueueTests {
  private func queue(
    _ bytes: [Int], memory: Int, jobs: Int = 1, threads: Int = 1
  ) -> BatchQueue {
    BatchQueue(
      bytes.enumerated().map { ($0.offset, $0.element) }, memory: memory,
      jobs: jobs, threads: threads)
  }

  @Test func bigOnesWaitAndSmallOnesGoOn() throws {
    let queue = queue([6, 6, 3, 1], memory: 10)
    let first = try #require(queue.next())
    #expect(first.number == 0)
    #expect(queue.next()?.number == 2)
    #expect(queue.next()?.number == 3)
    queue.finish(first)
    #expect(queue.next()?.number == 1)
    #expect(queue.next() == nil)
  }

  @Test(.timeLimit(.minutes(1))) func nothingWaitsForever() throws {
    let queue = queue([1, 10] + Array(repeating: 1, count: 200), memory: 10)
    let held = try #require(queue.next())
    for number in 2..<66 {
      let ticket = try #require(queue.next())
      #expect(ticket.number == number)
      queue.finish(ticket)
    }
    // The big one has been passed by often enough: now all wait for it.
    let next = Mutex<Int?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      let ticket = queue.next()
      next.withLock { $0 = ticket?.number }
      isDone.signal()
    }
    #expect(isDone.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
    queue.finish(held)
    isDone.wait()
    let number = next.withLock { $0 }
    #expect(number == 1)
  }

  @Test func theLastImagesShareTheThreads() throws {
    let queue = queue([1, 1, 1, 1, 1], memory: .max, jobs: 4, threads: 4)
    var tickets: [BatchQueue.Ticket] = []
    for _ in 0..<4 { tickets.append(try #require(queue.next())) }
    #expect(tickets.map(\.threads) == [1, 1, 1, 1])
    for ticket in tickets { queue.finish(ticket) }
    #expect(queue.next()?.threads == 4)
  }
}
