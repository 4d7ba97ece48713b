import Testing
import TruncatedEM

/// Points give what a tree of them gives.
@Suite struct UntreedPointsTests {
  @Test func giveWhatTheirTreeGives() throws {
    var random = TestData(state: 5)
    let points = try WeightedPoints(
      random.points(300, dimension: 3, scale: 100),
      random.weights(300, most: 5))
    let tree = PointTree(points)
    let engine = try TruncatedEM()
    let pinned = try MixtureModel(means: [1, 2, 3], dimension: 3)

    let fit = try engine.fit(
      points, components: 4, pinned: pinned, truncation: .soft(2), seed: 3)
    #expect(fit.model.mean(0) == [1, 2, 3])
    #expect(
      fit.model
        == (try engine.fit(
          tree, components: 4, pinned: pinned, truncation: .soft(2), seed: 3))
        .model)
    let means = try engine.initialMeans(for: points, components: 4, seed: 2)
    #expect(
      means == (try engine.initialMeans(for: tree, components: 4, seed: 2)))
    #expect(
      try engine.fit(points, from: means, truncation: .hard).model
        == engine.fit(tree, from: means, truncation: .hard).model)
    #expect(
      try engine.fit(points, found: means, truncation: .soft(2)).model
        == engine.fit(tree, found: means, truncation: .soft(2)).model)
    let model = fit.model
    #expect(
      try engine.evaluate(points, under: model, truncation: .soft(2))
        == engine.evaluate(tree, under: model, truncation: .soft(2)))
    #expect(
      try engine.nearestComponents(to: points, in: model)
        == engine.nearestComponents(to: tree, in: model))
    #expect(
      try engine.entropies(of: points, under: model, truncation: .soft(2))
        == engine.entropies(of: tree, under: model, truncation: .soft(2)))
    #expect(
      try engine.posterior(of: points, under: model, truncation: .soft(2))
        .responsibilities
        == engine.posterior(of: tree, under: model, truncation: .soft(2))
        .responsibilities)
    var selection = SelectionOptions()
    selection.most = 5
    #expect(
      try engine.fit(points, choosing: selection).candidates
        == engine.fit(tree, choosing: selection).candidates)
  }
}
