import ParallelWork
import Testing

@Suite struct StageMeterTests {
  @Test func fractionsGrowToOneInEachStage() {
    var told: [(stage: String, fraction: Double)] = []
    let meter = StageMeter<String> { told.append(($0, $1)) }
    meter.run {
      // Nobody is told of what comes before the first stage.
      WorkMeter.current?.tell(1, of: 2)
      meter.begin("a")
      for done in [3, 1, 3, 5] { WorkMeter.current?.tell(done, of: 10) }
      meter.begin("b")
      meter.begin("c")
      for done in 0...1_000 { WorkMeter.current?.tell(done, of: 1_000) }
      meter.begin("a")
      WorkMeter.current?.tell(1, of: 2)
    }
    meter.end()
    meter.end()
    let a = told.prefix { $0.stage == "a" }
    #expect(a.map(\.fraction) == [0.3, 0.5, 1])
    let c = told.filter { $0.stage == "c" }.map(\.fraction)
    #expect(c == c.sorted())
    #expect(c.count > 50 && c.count <= 100)
    #expect(c.last == 1)
    #expect(told.suffix(2).map(\.stage) == ["a", "a"])
    #expect(told.suffix(2).map(\.fraction) == [0.5, 1])
    #expect(!told.contains { $0.stage == "b" })
  }
}
