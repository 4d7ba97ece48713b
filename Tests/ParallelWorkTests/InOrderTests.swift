import ParallelWork
import Synchronization
import Testing

/// Pieces that are made on all threads and taken in their order.
@Suite struct InOrderTests {
  @Test(arguments: [1, 2, 7]) func takesAllInOrder(threads: Int) {
    for count in [0, 1, 2, 500] {
      var taken: [String] = []
      Workers(threads: threads).forEachInOrder(count) { piece in
        String(piece)
      } take: { piece in
        taken.append(piece)
        return true
      }
      #expect(taken == (0..<count).map(String.init))
    }
  }

  @Test(arguments: [1, 2, 7]) func stopsWhenToldTo(threads: Int) {
    let made = Atomic<Int>(0)
    var taken = 0
    Workers(threads: threads).forEachInOrder(10_000) { piece in
      made.add(1, ordering: .relaxed)
      return piece
    } take: { piece in
      taken += 1
      return piece < 20
    }
    #expect(taken == 21)
    // No more were made than may wait.
    #expect(made.load(ordering: .relaxed) <= 21 + 4 * threads)
  }

  @Test(arguments: [1, 4]) func tellsHowManyAreTaken(threads: Int) {
    var told: [Double] = []
    func work() {
      Workers(threads: threads).forEachInOrder(8) { piece in
        piece
      } take: { _ in
        true
      }
    }
    WorkMeter.observing({ told.append($0) }, work)
    #expect(told == (1...8).map { Double($0) / 8 })
  }
}
