import ParallelWork
import Testing

/// Work that another thread goes along with.
@Suite struct FollowingTests {
  private struct Failure: Error {}

  @Test(arguments: [1, 2, 5]) func followsToTheEnd(threads: Int) {
    for count in [1, 2, 1_000] {
      let followed = Monitor<[Int]>([])
      func work(_ tell: (Int) -> Void) -> String {
        for end in 1...count { tell(end) }
        return "done"
      }
      let result = Workers(threads: threads).followed(
        by: { end in followed.withLock { $0.append(end) } }, work)
      #expect(result == "done")
      let ends = followed.withLock { $0 }
      #expect(ends.last == count)
      #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test(arguments: [1, 2]) func endsWithoutAWord(threads: Int) {
    let calls = Monitor(0)
    let result = Workers(threads: threads).followed(
      by: { _ in calls.withLock { $0 += 1 } }, { _ in 7 })
    #expect(result == 7)
    #expect(calls.withLock { $0 } == 0)
  }

  @Test(arguments: [1, 2]) func passesErrorsOn(threads: Int) {
    func fail(_ tell: (Int) -> Void) throws(Failure) -> Int {
      tell(3)
      throw Failure()
    }
    #expect(throws: Failure.self) {
      try Workers(threads: threads).followed(by: { _ in }, fail)
    }
  }
}
