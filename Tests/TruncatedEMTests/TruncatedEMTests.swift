import Foundation
import Testing
import TruncatedEM

/// The properties of DESIGN section 2, numbered as there, against oracles that
/// share no code with the engine.
@Suite struct TruncatedEMTests {
  private func engine(
    iterations: Int, tolerance: Double = 0, threads: Int = 1,
    empty: FitOptions.EmptyComponents = .keep
  ) throws -> TruncatedEM {
    var options = FitOptions()
    options.maximumIterations = iterations
    options.tolerance = tolerance
    options.threads = threads
    options.emptyComponents = empty
    return try TruncatedEM(options)
  }

  @Test(arguments: FixtureCase.all)
  func agreesWithNumPy(_ expected: FixtureCase) throws {
    let points = try expected.weightedPoints()
    let start = try expected.start()
    let truncation = Truncation(expected.cprime)
    let fit = try engine(iterations: expected.iterations).fit(
      points, from: start, truncation: truncation)

    #expect(fit.iterations.count == expected.iterations)
    for (t, statistics) in fit.iterations.enumerated() {
      #expect(agree(statistics.inertia, expected.inertia[t], within: 1e-11))
      // Where σ² is 0, F is infinite, and the engine keeps to its least σ².
      if let freeEnergy = expected.freeEnergy[t] {
        #expect(agree(statistics.freeEnergy, freeEnergy, within: 1e-11))
        #expect(agree(statistics.variance, expected.sigma2[t], within: 1e-11))
      } else {
        #expect(statistics.freeEnergy.isFinite)
      }
    }
    for (mean, row) in zip(fit.model.rows, expected.finalMeans) {
      for (a, b) in zip(mean, row) { #expect(agree(a, b, within: 1e-11)) }
    }
    if expected.finalSigma2 > 0 {
      #expect(agree(fit.model.variance, expected.finalSigma2, within: 1e-11))
    }
  }

  @Test(arguments: FixtureCase.all.filter { $0.logLikelihoodPerPoint != nil })
  func boundIsTightOnlyForAllComponents(_ expected: FixtureCase) throws {
    let points = try expected.weightedPoints()
    let truncation = Truncation(expected.cprime)
    // The parameters that went into the last E-step.
    let before = try engine(iterations: expected.iterations - 1).fit(
      points, from: try expected.start(), truncation: truncation
    ).model
    let engine = try engine(iterations: 1)
    let bound = try engine.evaluate(
      points, under: before, truncation: truncation)
    let likelihood = try engine.evaluate(
      points, under: before,
      truncation: Truncation(before.components))
    let expectedLikelihood = try #require(expected.logLikelihoodPerPoint)
    let gap = try #require(expected.boundGap)
    #expect(
      agree(likelihood.freeEnergy, expectedLikelihood, within: 1e-11))
    #expect(
      agree(likelihood.freeEnergy - bound.freeEnergy, gap, within: 1e-11))
  }

  // 1: C' = 1 is Lloyd's algorithm, iteration by iteration, whatever σ² is.
  @Test func hardTruncationIsLloyd() throws {
    var data = TestData(state: 1)
    let rows = data.points(500, dimension: 3, scale: 255)
    let weights = data.weights(500, most: 9)
    var means = data.points(9, dimension: 3, scale: 255)
    let points = try WeightedPoints(rows, weights)
    let start = try MixtureModel(means, variance: 1e6)
    for t in 1...8 {
      // Lloyd, written out: each point to its nearest mean, then averages.
      var sums = [[Double]](repeating: [0, 0, 0], count: 9)
      var totals = [Double](repeating: 0, count: 9)
      for (row, weight) in zip(rows, weights) {
        let distances = means.map {
          ReferenceMixture.squaredDistance(row, $0)
        }
        let c = distances.firstIndex(of: try #require(distances.min())) ?? 0
        totals[c] += weight
        for d in 0..<3 { sums[c][d] += weight * row[d] }
      }
      means = zip(sums, totals).enumerated().map { c, group in
        group.1 > 0 ? group.0.map { $0 / group.1 } : means[c]
      }
      let fit = try engine(iterations: t).fit(
        points, from: start, truncation: .hard)
      for (mean, row) in zip(fit.model.rows, means) {
        for (a, b) in zip(mean, row) { #expect(agree(a, b, within: 1e-12)) }
      }
    }
  }

  // 2: F of a hard assignment in closed form; a smaller J is a larger F.
  @Test func freeEnergyOfHardAssignmentHasAClosedForm() throws {
    var data = TestData(state: 2)
    let points = try WeightedPoints(data.points(300, dimension: 4))
    let engine = try engine(iterations: 10)
    let fit = try engine.fit(
      points, components: 6, truncation: .hard, seed: 3)
    let first = try #require(fit.iterations.first)
    #expect(first.variance == first.inertia / 4)
    for statistics in fit.iterations {
      // With σ² = J/(D N) of this very assignment.
      let tight = try engine.evaluate(
        points, under: fit.model, truncation: .hard)
      let model = try MixtureModel(
        fit.model.rows, variance: tight.inertia / 4)
      let closed = Self.freeEnergy(
        components: 6, dimension: 4, variance: tight.inertia / 4)
      let value = try engine.evaluate(points, under: model, truncation: .hard)
      #expect(agree(value.freeEnergy, closed, within: 1e-12))
      #expect(statistics.inertia >= tight.inertia - 1e-12)
    }
  }

  /// F per unit of weight of k-means whose J is D N σ².
  private static func freeEnergy(
    components: Int, dimension: Int, variance: Double
  ) -> Double {
    -log(Double(components))
      - Double(dimension) / 2 * log(2 * .pi * exp(1) * variance)
  }

  // 3: F never decreases, in the E-step or the M-step, for every C'.
  @Test(arguments: 1...8)
  func freeEnergyNeverDecreases(truncation: Int) throws {
    var data = TestData(state: 30 + UInt64(truncation))
    let rows = data.points(250, dimension: 3)
    let weights = data.weights(250, most: 40)
    let start = data.points(8, dimension: 3)
    let points = try WeightedPoints(rows, weights)
    let cprime = Truncation(truncation)
    let fit = try engine(iterations: 40).fit(
      points, from: try MixtureModel(start), truncation: cprime)
    for (before, after) in zip(fit.iterations, fit.iterations.dropFirst()) {
      #expect(after.freeEnergy >= before.freeEnergy - 1e-12)
    }
    // The M-step by itself: the K_n of iteration t with the new parameters.
    var last = try MixtureModel(start)
    for t in 1...10 {
      let next = try engine(iterations: t).fit(
        points, from: try MixtureModel(start), truncation: cprime)
      let used = ReferenceMixture(
        points: rows, weights: weights, means: last.rows,
        variance: next.iterations[t - 1].variance)
      let kept = used.nearest(truncation)
      var changed = used
      changed.means = next.model.rows
      changed.variance = next.model.variance
      let before = used.freeEnergy(kept)
      #expect(
        agree(before, next.iterations[t - 1].freeEnergy, within: 1e-11))
      #expect(changed.freeEnergy(kept) >= before - 1e-12)
      last = next.model
    }
  }

  // 4: for fixed parameters F grows with C'; C' = C gives the log-likelihood.
  @Test func freeEnergyGrowsWithTruncation() throws {
    var data = TestData(state: 4)
    let rows = data.points(120, dimension: 3)
    let points = try WeightedPoints(rows)
    let model = try MixtureModel(
      data.points(20, dimension: 3), variance: 0.05)
    let reference = ReferenceMixture(
      points: rows, weights: [Double](repeating: 1, count: 120),
      means: model.rows, variance: model.variance)
    let engine = try engine(iterations: 0)
    var last = -Double.infinity
    // 17 and 19 select by partitioning, 20 takes all.
    for truncation in [1, 2, 3, 5, 16, 17, 19, 20] {
      let value = try engine.evaluate(
        points, under: model, truncation: Truncation(truncation))
      #expect(value.freeEnergy > last)
      #expect(
        agree(
          value.freeEnergy,
          reference.freeEnergy(reference.nearest(truncation)), within: 1e-12))
      last = value.freeEnergy
    }
  }

  // 5: exchanging one member of K_n for a closer one raises F, and the
  // engine's K_n cannot be raised further.
  @Test func closerComponentsRaiseFreeEnergy() throws {
    var data = TestData(state: 5)
    let rows = data.points(60, dimension: 2)
    let model = try MixtureModel(data.points(7, dimension: 2), variance: 0.1)
    let reference = ReferenceMixture(
      points: rows, weights: [Double](repeating: 1, count: 60),
      means: model.rows, variance: 0.1)
    let order = reference.nearest(7)
    // Start from the three farthest, and exchange one at a time.
    var kept = order.map { Array($0.suffix(3)) }
    var last = reference.freeEnergy(kept)
    for n in rows.indices {
      for i in 0..<3 {
        kept[n][i] = order[n][i]
        let value = reference.freeEnergy(kept)
        #expect(value > last)
        last = value
      }
    }
    let best = try engine(iterations: 0).evaluate(
      try WeightedPoints(rows), under: model, truncation: Truncation(3))
    #expect(agree(best.freeEnergy, last, within: 1e-12))
  }

  // 6: distinct points with counts give what every single point gives.
  @Test(arguments: FixtureCase.all.filter { $0.name.hasPrefix("counted") })
  func countsStandForSinglePoints(_ expected: FixtureCase) throws {
    var rows: [[Double]] = []
    for (point, weight) in zip(expected.points, expected.weights) {
      rows += [[Double]](repeating: point, count: Int(weight))
    }
    #expect(rows.count > expected.points.count)
    let fit = try engine(iterations: expected.iterations).fit(
      try WeightedPoints(rows), from: try expected.start(),
      truncation: Truncation(expected.cprime))
    for (mean, row) in zip(fit.model.rows, expected.finalMeans) {
      for (a, b) in zip(mean, row) { #expect(agree(a, b, within: 1e-11)) }
    }
    for (statistics, value) in zip(fit.iterations, expected.freeEnergy) {
      #expect(
        agree(statistics.freeEnergy, try #require(value), within: 1e-11))
    }
  }

  @Test(arguments: [1, 2, 3, 12])
  func resultDoesNotDependOnThreads(truncation: Int) throws {
    var data = TestData(state: 7)
    let points = try WeightedPoints(
      data.points(30_001, dimension: 3), data.weights(30_001, most: 99))
    let cprime = Truncation(truncation)
    let one = try engine(iterations: 6).fit(
      points, components: 12, truncation: cprime, seed: 5)
    for threads in [2, 3, 8] {
      let many = try engine(iterations: 6, threads: threads).fit(
        points, components: 12, truncation: cprime, seed: 5)
      #expect(many.model == one.model)
      #expect(many.iterations == one.iterations)
    }
  }

  @Test func convergesAndStops() throws {
    var data = TestData(state: 8)
    let points = try WeightedPoints(data.points(400, dimension: 3))
    let engine = try engine(iterations: 500, tolerance: 1e-6)
    for truncation in 1...3 {
      let fit = try engine.fit(
        points, components: 5, truncation: Truncation(truncation),
        seed: 1)
      #expect(fit.converged)
      #expect(fit.iterations.count < 500)
    }
    // A tolerance of 0 is never reached, not even at a fixed point.
    let exact = try self.engine(iterations: 60).fit(
      try WeightedPoints([[0], [1]]), from: try MixtureModel([[0], [1]]),
      truncation: .hard)
    #expect(exact.iterations.count == 60)
    #expect(!exact.converged)
  }

  @Test func observerSeesEveryIterationAndCanStop() throws {
    var data = TestData(state: 9)
    let points = try WeightedPoints(data.points(100, dimension: 2))
    var seen: [IterationStatistics] = []
    let fit = try engine(iterations: 50).fit(
      points, components: 4, truncation: Truncation(2)
    ) { statistics in
      seen.append(statistics)
      return seen.count == 3 ? .stop : .proceed
    }
    #expect(seen == fit.iterations)
    #expect(seen.count == 3)
    #expect(!fit.converged)
  }

  @Test func emptyComponentsKeepTheirMeansOrMove() throws {
    let points = try WeightedPoints([[0, 0], [1, 0], [0, 1], [9, 9]])
    let start = try MixtureModel([[0, 0], [50, 50]])
    let kept = try engine(iterations: 3).fit(
      points, from: start, truncation: .hard)
    #expect(kept.iterations.map(\.emptyComponents) == [1, 1, 1])
    #expect(Array(kept.model.mean(1)) == [50, 50])
    let moved = try engine(iterations: 3, empty: .reseed).fit(
      points, from: start, truncation: .hard)
    #expect(moved.iterations.map(\.emptyComponents) == [1, 0, 0])
    #expect(Array(moved.model.mean(1)) == [9, 9])
    for (before, after) in zip(moved.iterations, moved.iterations.dropFirst()) {
      #expect(after.freeEnergy >= before.freeEnergy)
    }
  }

  @Test(arguments: [1, 2, 5])
  func moreComponentsThanPointsExplainThemExactly(truncation: Int) throws {
    let rows: [[Double]] = [[0, 0, 0], [255, 0, 0], [3, 4, 5]]
    let fit = try engine(iterations: 20, empty: .reseed).fit(
      try WeightedPoints(rows, [5, 1, 1]), components: 5,
      truncation: Truncation(truncation))
    #expect(fit.model.components == 5)
    let last = try #require(fit.iterations.last)
    #expect(last.inertia < 1e-9)
    #expect(last.freeEnergy.isFinite)
    #expect(fit.model.means.allSatisfy { $0.isFinite })
    for row in rows {
      #expect(
        fit.model.rows.contains {
          ReferenceMixture.squaredDistance($0, row) < 1e-12
        })
    }
  }

  @Test func equalPointsHaveAFiniteModel() throws {
    let points = try WeightedPoints(
      [[Double]](repeating: [7, 7, 7], count: 9))
    for truncation in 1...2 {
      let fit = try engine(iterations: 5, empty: .reseed).fit(
        points, components: 2, truncation: Truncation(truncation))
      #expect(fit.model.rows == [[7, 7, 7], [7, 7, 7]])
      #expect(fit.model.variance > 0)
      #expect(fit.iterations.allSatisfy { $0.freeEnergy.isFinite })
    }
  }

  @Test func refusesWhatCannotBeFitted() throws {
    let points = try WeightedPoints([[1, 2, 3]])
    let model = try MixtureModel([[1, 2]])
    let engine = try engine(iterations: 1)
    #expect(throws: FitError.dimensionsDiffer(points: 3, model: 2)) {
      try engine.fit(points, from: model, truncation: .hard)
    }
    #expect(throws: FitError.truncation(0)) {
      try engine.fit(points, components: 2, truncation: Truncation(0))
    }
    #expect(throws: FitError.components(0)) {
      try engine.fit(points, components: 0, truncation: .hard)
    }
    #expect(throws: FitError.components(65_537)) {
      try engine.fit(points, components: 65_537, truncation: .hard)
    }
    #expect(throws: FitError.options) {
      try self.engine(iterations: -1)
    }
    #expect(throws: FitError.options) {
      try self.engine(iterations: 1, tolerance: .nan)
    }
  }
}
