import Testing
import TruncatedEM

@Suite struct MixtureModelTests {
  @Test func refusesWhatIsNoModel() {
    #expect(throws: FitError.components(0)) {
      try MixtureModel(means: [], dimension: 3)
    }
    #expect(throws: FitError.dimension(2)) {
      try MixtureModel(means: [1, 2, 3], dimension: 2)
    }
    #expect(throws: FitError.notFinite) {
      try MixtureModel(means: [.infinity], dimension: 1)
    }
    #expect(throws: FitError.notFinite) {
      try MixtureModel(means: [1], variance: -1, dimension: 1)
    }
  }

  @Test func meansStartAtZero() throws {
    let model = try MixtureModel(means: [1, 2, 3, 4], dimension: 2)
    #expect(model.mean(1)[0] == 3)
    #expect(model.mean(1) == [3, 4])
  }
}
