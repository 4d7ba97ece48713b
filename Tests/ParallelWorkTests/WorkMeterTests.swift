import ParallelWork
import Testing

@Suite struct WorkMeterTests {
  /// The fractions that are told while work is done.
  private func fractions(of body: () -> Void) -> [Double] {
    var told: [Double] = []
    WorkMeter.observing({ told.append($0) }, body)
    return told
  }

  @Test func thereIsNoMeterWhereNobodyAsks() {
    #expect(WorkMeter.current == nil)
    #expect(WorkMeter.part(0...0.5) { 3 } == 3)
  }

  @Test func partsOfPartsAreWithinThem() {
    let told = fractions {
      WorkMeter.part(0...0.5) {
        WorkMeter.part(0, of: 2) { WorkMeter.current?.tell(1, of: 2) }
        WorkMeter.part(1, of: 2) { WorkMeter.silently { tellAll() } }
      }
      WorkMeter.part(0.5...1) { tellAll() }
    }
    #expect(told == [0.125, 0.25, 0.5, 0.5, 1, 1])
  }

  private func tellAll() { WorkMeter.current?.tell(1, of: 1) }

  @Test(arguments: [1, 3])
  func piecesAreCountedAndTellNothingThemselves(threads: Int) {
    let workers = Workers(threads: threads)
    let told = fractions {
      workers.forEachMetered(100) { _ in
        WorkMeter.current?.tell(1, of: 1)
      }
    }
    #expect(told == told.sorted())
    #expect(told.allSatisfy { $0 > 0 && $0 <= 1 })
    if threads == 1 {
      #expect(told == (1...100).map { Double($0) / 100 })
    }
    var squares: [Int] = []
    let toldOfMap = fractions { squares = workers.mapMetered(20) { $0 * $0 } }
    #expect(squares == (0..<20).map { $0 * $0 })
    #expect(toldOfMap == toldOfMap.sorted())
  }

  @Test func errorsPassThrough() {
    struct Failure: Error, Equatable { let number: Int }
    #expect(throws: Failure(number: 4)) {
      func fail() throws(Failure) { throw Failure(number: 4) }
      func part() throws(Failure) { try WorkMeter.part(0...1, fail) }
      try WorkMeter.observing({ _ in }, part)
    }
  }

  /// The thread that has the work is asked, and all that help learn of it.
  @Test func asksWhetherToEnd() {
    var asked = 0
    func cancels() -> Bool {
      asked += 1
      return asked == 3
    }
    WorkMeter.observing(ignore, cancelling: cancels) {
      let meter = WorkMeter.current
      #expect(meter?.isCancelled == false)
      #expect(!WorkMeter.part(0...0.5) { WorkMeter.isCancelled })
      #expect(WorkMeter.isCancelled)
      let others = Workers(threads: 4).map(8) { _ in meter?.isCancelled }
      #expect(others.allSatisfy { $0 == true })
    }
    #expect(asked == 3)
    #expect(!WorkMeter.isCancelled)
  }

  private func ignore(_: Double) {}
}
