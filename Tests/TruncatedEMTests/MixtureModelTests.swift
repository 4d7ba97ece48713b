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

  @Test func truncationIsCheckedAgainstComponents() throws {
    #expect(try Truncation(3, of: 3).count == 3)
    #expect(throws: FitError.truncation(0, components: 3)) {
      try Truncation(0, of: 3)
    }
    #expect(throws: FitError.truncation(4, components: 3)) {
      try Truncation(4, of: 3)
    }
    #expect(Truncation.hard.count == 1)
  }
}
