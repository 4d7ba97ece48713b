import Testing
import TruncatedEM

/// C' may exceed the number of components, and then stands for all of them.
@Suite struct TruncationTests {
  private static let points = [[0.0], [1], [5], [6], [20], [21]]

  private static func engine() throws -> TruncatedEM {
    var options = FitOptions()
    options.maximumIterations = 5
    options.tolerance = 0
    return try TruncatedEM(options)
  }

  @Test func hasNames() {
    #expect(Truncation.hard == Truncation(1))
    #expect(Truncation.soft(3) == Truncation(3))
    #expect(Truncation.soft(3).count == 3)
  }

  @Test(arguments: [Truncation.soft(3), .soft(4), .full])
  func isAtMostTheComponents(_ truncation: Truncation) throws {
    let points = try WeightedPoints(Self.points)
    let engine = try Self.engine()
    let fit = try engine.fit(points, components: 3, truncation: truncation)
    #expect(fit.truncation == .soft(3))
    let all = try engine.fit(points, components: 3, truncation: .soft(3))
    #expect(fit.model == all.model)
    #expect(fit.iterations == all.iterations)

    let posterior = try engine.posterior(
      of: points, under: fit.model, truncation: truncation)
    #expect(posterior.truncation == 3)
    let value = try engine.evaluate(
      points, under: fit.model, truncation: truncation)
    #expect(
      value
        == (try engine.evaluate(
          points, under: fit.model, truncation: .soft(3))))
    let entropies = try engine.entropies(
      of: points, under: fit.model, truncation: truncation)
    #expect(
      entropies
        == (try engine.entropies(
          of: points, under: fit.model, truncation: .soft(3))))
  }

  @Test func partsTakeAtMostTheComponents() throws {
    let tree = PointTree(try WeightedPoints(Self.points))
    let start = try MixtureModel([[0], [5], [20]])
    let fit = try Self.engine().fit(
      parts: 1, from: start, resumes: false, truncation: .full
    ) { _ in tree }
    #expect(fit.truncation == .soft(3))
    #expect(
      fit.iterations
        == (try Self.engine().fit(tree, from: start, truncation: .soft(3)))
        .iterations)
  }

  @Test(arguments: [0, -1])
  func belowOneIsRefused(_ count: Int) throws {
    let points = try WeightedPoints(Self.points)
    let model = try MixtureModel([[0], [5]], variance: 1)
    let engine = try Self.engine()
    let truncation = Truncation(count)
    #expect(throws: FitError.truncation(count)) {
      try engine.fit(points, from: model, truncation: truncation)
    }
    #expect(throws: FitError.truncation(count)) {
      try engine.evaluate(points, under: model, truncation: truncation)
    }
    #expect(throws: FitError.truncation(count)) {
      try engine.posterior(of: points, under: model, truncation: truncation)
    }
    let tree = PointTree(points)
    #expect(throws: FitError.truncation(count)) {
      try engine.fit(
        parts: 1, from: model, resumes: true, truncation: truncation
      ) { _ in tree }
    }
  }
}
