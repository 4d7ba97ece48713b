import Foundation
import Testing
import TruncatedEM

/// The entropies of truncated posteriors, and searches that are shared.
@Suite struct EntropiesTests {
  private func entropy(_ shares: some Sequence<Double>) -> Double {
    shares.filter { $0 > 0 }.map { -$0 * log($0) }.reduce(0, +)
  }

  @Test(arguments: 1...6)
  func agreesWithTheEquations(dimension: Int) throws {
    var random = TestData(state: UInt64(dimension))
    let rows = random.points(9_000, dimension: dimension, scale: 10)
    let weights = random.weights(rows.count, most: 5)
    let means = random.points(9, dimension: dimension, scale: 10)
    let model = try MixtureModel(means, variance: 2)
    let points = try WeightedPoints(rows, weights)
    let tree = PointTree(points)
    // Otherwise the order of the result is not tested.
    #expect(tree.order != nil)
    let reference = ReferenceMixture(
      points: Array(rows.prefix(300)), weights: Array(weights.prefix(300)),
      means: means, variance: 2)
    for cprime in [1, 2, 5, 9] {
      let truncation = Truncation(cprime)
      let found = try TruncatedEM().entropies(
        of: tree, under: model, truncation: truncation)
      let expected = reference.responsibilities(reference.nearest(cprime))
        .map { entropy($0.values) }
      #expect(found.count == rows.count)
      for (a, b) in zip(found, expected) {
        #expect(agree(a, b, within: 1e-10))
      }
      #expect(found.allSatisfy { $0 >= 0 && $0 <= log(Double(cprime)) + 1e-12 })
      #expect(cprime > 1 || found.allSatisfy { $0 == 0 })
      var options = FitOptions()
      options.threads = 4
      #expect(
        try TruncatedEM(options).entropies(
          of: tree, under: model, truncation: truncation) == found)
    }
  }

  @Test func generalModelsHaveTheirOwnCosts() throws {
    var random = TestData(state: 5)
    let rows = random.points(400, dimension: 3, scale: 10)
    let weights = random.weights(rows.count, most: 3)
    var options = FitOptions()
    options.mixingWeights = .learned
    options.covariance = .spherical
    options.maximumIterations = 4
    options.tolerance = 0
    let engine = try TruncatedEM(options)
    let tree = PointTree(try WeightedPoints(rows, weights))
    let truncation = Truncation(3)
    let model = try engine.fit(
      tree, components: 6, truncation: truncation, seed: 3
    ).model
    let reference = GeneralReference(rows, weights, model)
    let shares = reference.expectation(reference.kept(3)).shares
    let found = try engine.entropies(
      of: tree, under: model, truncation: truncation)
    let mean = zip(weights, found).map { $0 * $1 }.reduce(0, +)
    let value = try engine.evaluate(tree, under: model, truncation: truncation)
    #expect(
      agree(value.entropy, mean / weights.reduce(0, +), within: 1e-10))
    for (n, entropy) in found.enumerated() {
      let expected = self.entropy(shares[n].map { $0 / weights[n] })
      #expect(agree(entropy, expected, within: 1e-9))
    }
  }

  /// F is the expected log-density plus the entropy.
  @Test func completesTheFreeEnergy() throws {
    var random = TestData(state: 8)
    let rows = random.points(600, dimension: 3, scale: 10)
    let weights = random.weights(rows.count, most: 7)
    let means = random.points(7, dimension: 3, scale: 10)
    let model = try MixtureModel(means, variance: 3)
    let tree = PointTree(try WeightedPoints(rows, weights))
    let reference = ReferenceMixture(
      points: rows, weights: weights, means: means, variance: 3)
    let total = weights.reduce(0, +)
    for cprime in [2, 4, 7] {
      let truncation = Truncation(cprime)
      let engine = try TruncatedEM()
      let bound = try engine.evaluate(
        tree, under: model, truncation: truncation)
      let entropies = try engine.entropies(
        of: tree, under: model, truncation: truncation)
      let mean = zip(weights, entropies).map { $0 * $1 }.reduce(0, +) / total
      let scatter = reference.scatter(
        reference.responsibilities(reference.nearest(cprime)))
      let density =
        -log(7.0) - 1.5 * log(2 * .pi * 3) - scatter / (2 * 3 * total)
      #expect(agree(bound.freeEnergy, density + mean, within: 1e-10))
      #expect(agree(bound.entropy, mean, within: 1e-10))
    }
  }

  @Test func wrongModelsAreRefused() throws {
    let tree = PointTree(try WeightedPoints([[1, 2], [3, 4]]))
    let engine = try TruncatedEM()
    let other = try MixtureModel([[1], [2]], variance: 1)
    #expect(throws: FitError.dimensionsDiffer(points: 2, model: 1)) {
      try engine.entropies(of: tree, under: other, truncation: .hard)
    }
    let model = try MixtureModel([[1, 2], [2, 1]], variance: 1)
    #expect(throws: FitError.truncation(0)) {
      try engine.entropies(
        of: tree, under: model, truncation: Truncation(0))
    }
  }

  @Test(arguments: [1, 2, 8])
  func oneSearchServesEveryTruncation(cprime: Int) throws {
    var random = TestData(state: 12)
    let tree = PointTree(
      try WeightedPoints(random.points(3_000, dimension: 3, scale: 200)))
    let engine = try TruncatedEM()
    let truncation = Truncation(cprime)
    let alone = try engine.fit(
      tree, components: 8, truncation: truncation, seed: 4)
    let start = try engine.initialMeans(for: tree, components: 8, seed: 4)
    let shared = try engine.fit(tree, found: start, truncation: truncation)
    #expect(alone.model == shared.model)
    #expect(alone.iterations == shared.iterations)
  }
}
