import ParallelWork
import Testing

@Suite struct MonitorTests {
  @Test func oneAtATimeHasTheState() {
    let sum = Monitor(0)
    Workers(threads: 4).forEach(400) { piece in
      sum.withLock { $0 += piece }
    }
    #expect(sum.withLock(\.self) == 400 * 399 / 2)
  }

  @Test func waitsForChanges() {
    let turn = Monitor(0)
    // Each waits for the one before it, whatever the threads.
    Workers(threads: 3).forEach(60) { piece in
      let seen = turn.wait { $0 == piece ? $0 : nil }
      #expect(seen == piece)
      turn.change { $0 += 1 }
    }
    #expect(turn.withLock(\.self) == 60)
  }

  @Test func whoHasTheStateDoesNotGetItAgain() {
    let monitor = Monitor("a")
    let again: Bool = monitor.withLock { _ in
      monitor.withLockIfAvailable { _ in true } ?? false
    }
    #expect(!again)
    #expect(monitor.withLockIfAvailable { $0 } == "a")
  }
}
