import Foundation
import Testing
import TruncatedEM

/// Choosing the number of components by a criterion.
@Suite struct SelectionTests {
  /// Points around so many means, far apart compared with their spread.
  private func clusters(
    _ count: Int, points: Int, dimension: Int, seed: UInt64
  ) throws -> PointTree {
    var data = TestData(state: seed)
    var means: [[Double]] = []
    while means.count < count {
      let mean = data.points(1, dimension: dimension, scale: 200)[0]
      let isFar = means.allSatisfy { other in
        zip(mean, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } > 900
      }
      if isFar { means.append(mean) }
    }
    let rows = (0..<points).map { n in
      means[n % count].map { mean in
        // The sum of twelve uniform numbers is nearly normal, σ = 1.
        mean + (0..<12).reduce(-6) { sum, _ in sum + data.unit() }
      }
    }
    return PointTree(try WeightedPoints(rows))
  }

  @Test(arguments: [1, 2, 3, 5, 7, 11, 20])
  func findsTheNumberOfClusters(count: Int) throws {
    let tree = try clusters(
      count, points: 3_000, dimension: 3, seed: UInt64(count))
    for truncation in [1, 2, 40] {
      var selection = SelectionOptions()
      selection.most = 40
      selection.truncation = .soft(truncation)
      let result = try TruncatedEM().fit(tree, choosing: selection)
      #expect(result.fit.model.components == count)
      #expect(result.fit.truncation.count == min(count, truncation))
    }
  }

  @Test func isTheFitOfThatNumberAlone() throws {
    let tree = try clusters(6, points: 1_000, dimension: 2, seed: 5)
    var selection = SelectionOptions()
    selection.seed = 3
    selection.truncation = .soft(2)
    var seen: [ComponentSelection.Candidate] = []
    let engine = try TruncatedEM()
    let result = try engine.fit(tree, choosing: selection) { seen.append($0) }
    #expect(seen == result.candidates)
    let components = result.fit.model.components
    let alone = try engine.fit(
      tree, components: components,
      truncation: Truncation(2), seed: 3)
    #expect(alone.model == result.fit.model)
    #expect(alone.iterations == result.fit.iterations)
    let least = result.candidates.min { $0.value < $1.value }
    #expect(least?.components == components)
    #expect(Set(seen.map(\.components)).count == seen.count)
  }

  @Test func valuesOfTwoPoints() throws {
    // Points 0 and 2: one component has mean 1 and variance 1, and each point
    // the log density −(log 2π + 1) / 2.
    let tree = PointTree(try WeightedPoints([[0], [2]]))
    var selection = SelectionOptions()
    selection.most = 1
    var result = try TruncatedEM().fit(tree, choosing: selection)
    let fitted = 2 * log(2 * Double.pi) + 2
    #expect(
      agree(result.candidates[0].value, fitted + 2 * log(2), within: 1e-12))
    selection.criterion = .aic
    result = try TruncatedEM().fit(tree, choosing: selection)
    #expect(agree(result.candidates[0].value, fitted + 4, within: 1e-12))
    // With σ² no less than 4: log density −(log 8π + 1/4) / 2.
    selection.leastVariance = 4
    result = try TruncatedEM().fit(tree, choosing: selection)
    #expect(
      agree(
        result.candidates[0].value, 2 * log(8 * Double.pi) + 0.5 + 4,
        within: 1e-12))
    // As if there were 10 observations.
    selection.observations = 10
    result = try TruncatedEM().fit(tree, choosing: selection)
    #expect(
      agree(
        result.candidates[0].value, 10 * (log(8 * Double.pi) + 0.25) + 4,
        within: 1e-12))
  }

  @Test func countsParameters() {
    #expect(InformationCriterion.parameters(components: 5, dimension: 3) == 16)
    let value = InformationCriterion.bic.value(
      freeEnergy: -1.5, observations: 100, components: 2, dimension: 4)
    #expect(agree(value, 300 + 9 * log(100), within: 1e-15))
  }

  @Test func fewerObservationsFewerComponents() throws {
    var data = TestData(state: 9)
    let rows = data.points(20_000, dimension: 2, scale: 10)
    let tree = PointTree(try WeightedPoints(rows))
    var selection = SelectionOptions()
    let all = try TruncatedEM().fit(tree, choosing: selection)
    selection.observations = 100
    let few = try TruncatedEM().fit(tree, choosing: selection)
    #expect(few.fit.model.components <= all.fit.model.components)
  }

  @Test func neverMoreComponentsThanPoints() throws {
    let tree = PointTree(try WeightedPoints([[0, 0], [9, 1], [3, 20]]))
    var selection = SelectionOptions()
    selection.leastVariance = 1.0 / 12
    let result = try TruncatedEM().fit(tree, choosing: selection)
    #expect(result.candidates.map(\.components).max() == 3)
  }

  @Test func refusesNonsense() throws {
    let tree = PointTree(try WeightedPoints([[0], [1]]))
    let engine = try TruncatedEM()
    func expect(
      _ error: FitError, _ change: (inout SelectionOptions) -> Void
    ) {
      var selection = SelectionOptions()
      change(&selection)
      #expect(throws: error) { try engine.fit(tree, choosing: selection) }
    }
    expect(.components(0)) { $0.most = 0 }
    expect(.components(65_537)) { $0.most = 65_537 }
    expect(.truncation(0)) { $0.truncation = .soft(0) }
    expect(.options) { $0.observations = 0 }
    expect(.options) { $0.observations = .nan }
    expect(.options) { $0.leastVariance = -1 }
    expect(.options) { $0.leastVariance = .infinity }
  }
}
