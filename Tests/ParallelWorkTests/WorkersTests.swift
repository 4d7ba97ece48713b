import ParallelWork
import Synchronization
import Testing

@Suite struct WorkersTests {
  @Test(arguments: [-1, 0, 1, 2, 7])
  func runsEveryPieceOnce(threads: Int) {
    let workers = Workers(threads: threads)
    #expect(workers.threads >= 1)
    var visits = [Int](repeating: 0, count: 100)
    visits.withUnsafeMutableBufferPointer { buffer in
      let visits = SharedMemory(buffer)
      workers.forEach(100) { visits.start[$0] += 1 }
    }
    #expect(visits == [Int](repeating: 1, count: 100))
  }

  @Test func doesNothingForNoPieces() {
    let calls = Atomic<Int>(0)
    Workers(threads: 4).forEach(0) { _ in calls.add(1, ordering: .relaxed) }
    Workers(threads: 4).forEach(-3) { _ in calls.add(1, ordering: .relaxed) }
    #expect(calls.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [1, 3])
  func mapsInTheOrderOfThePieces(threads: Int) {
    let workers = Workers(threads: threads)
    #expect(workers.map(50) { String($0) } == (0..<50).map(String.init))
    var states = ["a", "b", "c"]
    let sizes = workers.map(&states) { piece, state in
      state += String(piece)
      return state.count
    }
    #expect(states == ["a0", "b1", "c2"])
    #expect(sizes == [2, 2, 2])
    var none: [Int] = []
    #expect(workers.map(&none) { piece, _ in piece } == [])
  }
}
