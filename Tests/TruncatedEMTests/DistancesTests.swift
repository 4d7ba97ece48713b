import Testing
import TruncatedEM

/// How many distances an E-step says that it has evaluated.
@Suite struct DistancesTests {
  private static let count = 2_000

  private static func points(_ dimension: Int) throws -> PointTree {
    var data = TestData(state: 97)
    return PointTree(
      try WeightedPoints(
        data.points(count, dimension: dimension),
        data.weights(count, most: 5)))
  }

  private static func means(
    _ components: Int, _ dimension: Int
  ) throws -> MixtureModel {
    var data = TestData(state: 7)
    return try MixtureModel(
      data.points(components, dimension: dimension), variance: 0.01)
  }

  private static func distances(
    _ dimension: Int, _ components: Int, _ cprime: Int,
    _ change: (inout FitOptions) -> Void = { _ in }
  ) throws -> [Int] {
    var options = FitOptions()
    options.maximumIterations = 5
    options.tolerance = 0
    options.emptyComponents = .keep
    change(&options)
    return try TruncatedEM(options).fit(
      points(dimension), from: means(components, dimension),
      truncation: Truncation(cprime)
    ).iterations.map(\.distances)
  }

  /// Nothing is left out where every component has a part of every point.
  @Test(arguments: [1, 3, 6, 9])
  func fullEMTakesAll(dimension: Int) throws {
    #expect(
      try Self.distances(dimension, 12, 12)
        == [Int](repeating: 12 * Self.count, count: 5))
  }

  /// A point has C' distances at least, and boxes must not cost more than they
  /// leave out by far.
  @Test(arguments: [1, 2, 3, 4, 9], [2, 3])
  func isBounded(dimension: Int, cprime: Int) throws {
    for isGeneral in [false, true] {
      let found = try Self.distances(dimension, 40, cprime) {
        if isGeneral { $0.mixingWeights = .learned }
      }
      #expect(found.count == 5)
      for distances in found {
        #expect(distances >= cprime * Self.count || isGeneral)
        #expect(distances <= 3 * 40 * Self.count)
      }
    }
  }

  /// Partial E-steps that look nowhere: what is kept is measured, for the
  /// responsibilities and for the M-step.
  @Test(arguments: [1, 2, 5])
  func neighbourhoodOfOneTakesMembersOnly(cprime: Int) throws {
    let found = try Self.distances(3, 40, cprime) {
      $0.eStep = .neighbourhood(1)
    }
    for distances in found.dropFirst() {
      #expect(distances == 2 * cprime * Self.count)
    }
  }

  /// What boxes and neighbourhoods are for.
  @Test func growsSlowlyWithTheComponents() throws {
    func distances(_ components: Int, _ eStep: EStep) throws -> Double {
      Double(
        try #require(
          Self.distances(2, components, 2) { $0.eStep = eStep }.last))
    }
    for (eStep, most) in [(EStep.exact, 16.0), (.neighbourhood(8), 4.0)] {
      let ratio = try distances(512, eStep) / distances(16, eStep)
      #expect(ratio < most, "\(eStep): not 32, but \(ratio)")
    }
  }

  @Test func threadsDoNotMatter() throws {
    for eStep in [EStep.exact, .neighbourhood(8)] {
      for cprime in [1, 3] {
        let found = try [1, 2, 5].map { threads in
          try Self.distances(3, 100, cprime) {
            $0.threads = threads
            $0.eStep = eStep
          }
        }
        #expect(found[0] == found[1] && found[0] == found[2])
      }
    }
  }
}
