import Foundation
import Testing
import TruncatedEM

/// Points with more coordinates than the fast passes are made for, against
/// every distance computed. (`GeneralMixtureTests` has the iterations of all
/// mixtures in 7, 16 and 64 dimensions.)
@Suite struct AnyDimensionTests {
  private static let dimensions = [7, 8, 9, 16, 64]

  private struct Case {
    let rows: [[Double]]
    let weights: [Double]
    let model: MixtureModel

    init(_ dimension: Int, points: Int = 301, means: Int = 12) throws {
      var random = TestData(state: UInt64(dimension))
      rows = random.points(points, dimension: dimension, scale: 3)
      weights = random.weights(points, most: 9)
      model = try MixtureModel(
        random.points(means, dimension: dimension, scale: 3), variance: 2)
    }

    var tree: PointTree {
      get throws { PointTree(try WeightedPoints(rows, weights)) }
    }

    var reference: ReferenceMixture {
      ReferenceMixture(
        points: rows, weights: weights, means: model.rows,
        variance: model.variance)
    }
  }

  @Test(arguments: dimensions, [1, 2, 3, 9, 12])
  func posteriorIsThatOfTheEquations(
    _ dimension: Int, _ truncation: Int
  ) throws {
    let data = try Case(dimension)
    let engine = try TruncatedEM()
    let posterior = try engine.posterior(
      of: data.tree, under: data.model, truncation: .soft(truncation))
    let entropies = try engine.entropies(
      of: data.tree, under: data.model, truncation: .soft(truncation))
    let kept = data.reference.nearest(truncation)
    let expected = data.reference.responsibilities(kept)
    for n in data.rows.indices {
      #expect(posterior[n].map(\.component) == kept[n])
      for (component, responsibility) in posterior[n] {
        let share = try #require(expected[n][component])
        #expect(abs(Double(responsibility) - share) < 1e-6)
      }
      let entropy = expected[n].values.reduce(0) { $0 - plogp($1) }
      #expect(abs(entropies[n] - entropy) < 1e-12)
    }
    #expect(
      try engine.nearestComponents(to: data.tree, in: data.model)
        == data.reference.nearest(1).map { UInt16($0[0]) })
    let value = try engine.evaluate(
      data.tree, under: data.model, truncation: .soft(truncation))
    #expect(
      agree(value.freeEnergy, data.reference.freeEnergy(kept), within: 1e-12))
    #expect(
      agree(
        value.inertia, data.reference.inertia / data.reference.total,
        within: 1e-12))
  }

  private func plogp(_ p: Double) -> Double { p > 0 ? p * log(p) : 0 }

  /// Coordinates that are 0 everywhere change no distance.
  @Test func coordinatesOfZeroChangeNothing() throws {
    var random = TestData(state: 3)
    let rows = random.points(2_000, dimension: 3, scale: 255)
    let start = random.points(20, dimension: 3, scale: 255)
    func padded(_ rows: [[Double]]) -> [[Double]] {
      rows.map { $0 + [Double](repeating: 0, count: 6) }
    }
    var options = FitOptions()
    options.maximumIterations = 20
    options.tolerance = 0
    let engine = try TruncatedEM(options)
    let fast = try engine.fit(
      try WeightedPoints(rows), from: try MixtureModel(start),
      truncation: .hard)
    let any = try engine.fit(
      try WeightedPoints(padded(rows)), from: try MixtureModel(padded(start)),
      truncation: .hard)
    for (a, b) in zip(any.model.means, padded(fast.model.rows).flatMap { $0 }) {
      #expect(abs(a - b) < 1e-9)
    }
    for (a, b) in zip(any.iterations, fast.iterations) {
      #expect(agree(a.inertia, b.inertia, within: 1e-12))
    }
  }

  /// More points than the search looks at, so that it sees boxes of them.
  @Test(arguments: [7, 20])
  func searchFindsClusters(_ dimension: Int) throws {
    var random = TestData(state: 8)
    let centres = random.points(6, dimension: dimension, scale: 100)
    let rows = (0..<12_000).map { n in
      zip(centres[n % 6], random.points(1, dimension: dimension)[0]).map(+)
    }
    let fit = try TruncatedEM().fit(
      try WeightedPoints(rows), components: 6, truncation: .soft(2), seed: 1)
    // Each coordinate is uniform in a range of 1 about a centre.
    #expect(abs(fit.model.variance - 1.0 / 12) < 0.002)
    for centre in centres {
      let least = fit.model.rows.map { mean in
        zip(mean, centre).map { abs($0 - $1 - 0.5) }.reduce(0, max)
      }.min()
      #expect(try #require(least) < 0.05)
    }
  }

  @Test(arguments: [1, 2, 12])
  func resultDoesNotDependOnThreads(_ truncation: Int) throws {
    let data = try Case(10, points: 20_001)
    let fits = try [1, 3].map { threads in
      var options = FitOptions()
      options.maximumIterations = 3
      options.threads = threads
      return try TruncatedEM(options).fit(
        data.tree, from: data.model, truncation: .soft(truncation))
    }
    #expect(fits[0].model == fits[1].model)
    #expect(fits[0].iterations == fits[1].iterations)
  }

  @Test func pinnedMeansStay() throws {
    let data = try Case(9)
    let pinned = try MixtureModel(
      means: data.rows[0], dimension: 9, pinned: 1)
    let fit = try TruncatedEM().fit(
      data.tree, components: 5, pinned: pinned, truncation: .soft(2))
    #expect(fit.model.mean(0) == data.rows[0])
  }

  @Test func partialEStepsAreRefused() throws {
    let data = try Case(7)
    var options = FitOptions()
    options.eStep = .neighbourhood(4)
    let engine = try TruncatedEM(options)
    #expect(throws: FitError.partialDimension(7)) {
      try engine.fit(data.tree, from: data.model, truncation: .soft(2))
    }
  }
}
