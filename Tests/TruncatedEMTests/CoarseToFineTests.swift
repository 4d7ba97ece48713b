import Testing
import TruncatedEM

/// What comes between a search and the iterations over all points.
@Suite struct CoarseToFineTests {
  /// Colours as in a photo: many, of uneven density, weighted.
  private func tree(_ count: Int = 20_000, seed: UInt64 = 3) throws -> PointTree
  {
    var data = TestData(state: seed)
    let rows = data.points(count, dimension: 3, scale: 255).map {
      [$0[0], $0[1] * $0[0] / 255, $0[2] * $0[2] / 255]
    }
    let weights = rows.map { _ in 1 + (5 * data.unit()).rounded() }
    return PointTree(try WeightedPoints(rows, weights))
  }

  private func engine(
    effort: Int = 3, _ change: (inout FitOptions) -> Void = { _ in }
  ) throws -> TruncatedEM {
    var options = FitOptions()
    options.effort = try Effort(effort)
    options.tolerance = options.effort.tolerance
    change(&options)
    return try TruncatedEM(options)
  }

  private func values(_ fit: Fit) -> [Double] {
    fit.iterations.map(\.freeEnergy)
  }

  @Test(arguments: [2, 3, 5])
  func leavesFewIterationsAndEndsHigher(cprime: Int) throws {
    let tree = try tree()
    let engine = try engine()
    let start = try engine.initialMeans(for: tree, components: 24)
    let plain = values(
      try engine.fit(tree, from: start, truncation: .soft(cprime)))
    let short = values(
      try engine.fit(tree, found: start, truncation: .soft(cprime)))
    #expect(short.count < plain.count)
    #expect(short.last ?? -.infinity > plain.last ?? .infinity)
    // F of what is reported never falls.
    for (old, new) in zip(short, short.dropFirst()) {
      #expect(new >= old - 1e-12 * abs(old))
    }
  }

  /// F of boxes is a lower bound, and most of the way is there to see.
  @Test func coarseFreeEnergiesRiseToThoseOfTheFit() throws {
    let tree = try tree()
    let engine = try engine { $0.tolerance = 1e-6 }
    let start = try engine.initialMeans(for: tree, components: 24)
    let plain = try engine.fit(tree, from: start, truncation: .soft(3))
    #expect(plain.coarseFreeEnergies.isEmpty)
    let fit = try engine.fit(tree, found: start, truncation: .soft(3))
    let coarse = fit.coarseFreeEnergies
    let first = try #require(values(fit).first)
    #expect(coarse.count > values(fit).count)
    #expect(coarse.allSatisfy { $0 < first })
    let last = try #require(coarse.last)
    let lowest = try #require(coarse.first)
    #expect(last - lowest > 0.5 * (first - lowest))
    // They are the search's: iterations over all points are counted alone.
    let once = try self.engine {
      $0.tolerance = 1e-6
      $0.maximumIterations = 1
    }
    let short = try once.fit(tree, found: start, truncation: .soft(3))
    #expect(short.coarseFreeEnergies == coarse)
    #expect(short.iterations.count == 1)
    let hard = try engine.fit(tree, found: start, truncation: .hard)
    #expect(hard.coarseFreeEnergies.isEmpty)
  }

  @Test func startsWithAModelWhoseFIsNearTheLast() throws {
    let tree = try tree()
    let engine = try engine { $0.tolerance = 1e-6 }
    let start = try engine.initialMeans(for: tree, components: 24)
    let model = try #require(
      CoarseToFine(tree: tree, truncation: .soft(2), options: engine.options)
        .outcome(from: start)?.model)
    let near = try engine.evaluate(tree, under: model, truncation: .soft(2))
    let fit = try engine.fit(tree, from: start, truncation: .soft(2))
    let end = try #require(fit.iterations.last).freeEnergy
    let first = try #require(fit.iterations.first).freeEnergy
    #expect(near.freeEnergy > first + 0.9 * (end - first))
  }

  /// One level of boxes, and so of σ² that the scatter within them adds to,
  /// against points that are repeated: their boxes have no scatter.
  @Test func scatterWithinBoxesEntersTheVariance() throws {
    var data = TestData(state: 8)
    let centers = data.points(40, dimension: 2, scale: 1_000)
    // Pairs at a distance of 2, so of a variance of 1/2 a coordinate.
    let rows = (0..<6_000).flatMap { i in
      let c = centers[i % 40]
      let x = 200 * data.unit()
      return [[c[0] + x, c[1] + 1], [c[0] + x, c[1] - 1]]
    }
    let tree = PointTree(try WeightedPoints(rows))
    let engine = try engine(effort: 1) { $0.tolerance = 1e-5 }
    let start = try engine.initialMeans(for: tree, components: 40)
    let model = try #require(
      CoarseToFine(tree: tree, truncation: .soft(3), options: engine.options)
        .outcome(from: start)?.model)
    let fit = try engine.fit(tree, from: start, truncation: .soft(3))
    #expect(abs(model.variance / fit.model.variance - 1) < 0.05)
  }

  @Test func threadsDoNotMatter() throws {
    let tree = try tree()
    let fits = try [1, 2, 7].map { threads in
      let engine = try engine { $0.threads = threads }
      let start = try engine.initialMeans(for: tree, components: 30)
      return try engine.fit(tree, found: start, truncation: .soft(2)).model
    }
    #expect(fits[1] == fits[0])
    #expect(fits[2] == fits[0])
  }

  @Test func pinnedMeansStay() throws {
    let tree = try tree()
    let pinned = try MixtureModel(
      means: [1, 2, 3, 200, 100, 50], dimension: 3)
    let fit = try engine().fit(
      tree, components: 12, pinned: pinned, truncation: .soft(2))
    #expect(Array(fit.model.means.prefix(6)) == pinned.means)
  }

  /// Where nothing is gained, or another model is asked for, all is as with
  /// given means.
  @Test func otherFitsAreAsFromGivenMeans() throws {
    func isPlain(
      _ tree: PointTree, _ engine: TruncatedEM, _ truncation: Truncation
    ) throws -> Bool {
      let start = try engine.initialMeans(for: tree, components: 6)
      let found = try engine.fit(tree, found: start, truncation: truncation)
      let given = try engine.fit(tree, from: start, truncation: truncation)
      #expect(found.coarseFreeEnergies.isEmpty || truncation != .hard)
      return found.model == given.model && values(found) == values(given)
    }
    let large = try tree(8_000)
    #expect(try isPlain(large, engine(), .hard))
    let plain = Acceleration.plain
    #expect(
      try isPlain(tree(300), engine { $0.acceleration = plain }, .soft(2)))
    for change: (inout FitOptions) -> Void in [
      { $0.mixingWeights = .learned }, { $0.covariance = .spherical },
    ] {
      #expect(
        try isPlain(
          large,
          engine {
            change(&$0)
            $0.acceleration = .anderson
          }, .soft(2)))
    }
    #expect(
      try isPlain(large, engine { $0.maximumIterations = 0 }, .soft(2)))
    #expect(try !isPlain(large, engine(), .soft(2)))
  }

  @Test func allComponentsAndNeighbourhoodsAreApproachedToo() throws {
    let tree = try tree(12_000)
    for (engine, truncation) in [
      (try engine(), Truncation.full),
      (try engine { $0.eStep = .neighbourhood(5) }, .soft(3)),
    ] {
      let start = try engine.initialMeans(for: tree, components: 10)
      let plain = values(
        try engine.fit(tree, from: start, truncation: truncation))
      let short = values(
        try engine.fit(tree, found: start, truncation: truncation))
      #expect(short.count <= plain.count)
      #expect((short.last ?? -.infinity) > (plain.last ?? .infinity) - 1e-3)
    }
  }

  @Test func refusesWhatFitsDo() throws {
    let tree = try tree(6_000)
    let other = try MixtureModel(means: [1, 2], dimension: 2)
    #expect(throws: FitError.dimensionsDiffer(points: 3, model: 2)) {
      try engine().fit(tree, found: other, truncation: .soft(2))
    }
    let start = try engine().initialMeans(for: tree, components: 4)
    #expect(throws: FitError.truncation(0)) {
      try engine().fit(tree, found: start, truncation: Truncation(0))
    }
  }
}
