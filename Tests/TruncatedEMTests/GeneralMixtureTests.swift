import Testing
import TruncatedEM

/// Learned mixing weights and spherical covariances, against NumPy, SciPy and
/// scikit-learn, and against every cost computed.
@Suite struct GeneralMixtureTests {
  /// The options of every mixture, that of the paper first.
  private static let mixtures: [FitOptions] = MixingWeights.allCases
    .flatMap { mixing in
      CovarianceType.spheres.map { variance in
        var options = FitOptions()
        options.mixingWeights = mixing
        options.covariance = variance
        options.tolerance = 0
        options.emptyComponents = .keep
        return options
      }
    }

  private func engine(
    _ options: FitOptions, iterations: Int, threads: Int = 1
  ) throws -> TruncatedEM {
    var options = options
    options.maximumIterations = iterations
    options.threads = threads
    return try TruncatedEM(options)
  }

  @Test(arguments: GeneralCase.all)
  func agreesWithNumPy(_ expected: GeneralCase) throws {
    let fit = try expected.fit(iterations: expected.iterations)
    #expect(fit.iterations.count == expected.iterations)
    for (t, statistics) in fit.iterations.enumerated() {
      #expect(
        agree(statistics.freeEnergy, expected.freeEnergy[t], within: 1e-11))
      #expect(agree(statistics.inertia, expected.inertia[t], within: 1e-11))
    }
    for (mean, row) in zip(fit.model.rows, expected.finalMeans) {
      for (a, b) in zip(mean, row) { #expect(agree(a, b, within: 1e-11)) }
    }
    #expect((fit.model.mixingWeights != nil) == (expected.mixing == "learned"))
    for (a, b) in zip(fit.model.mixingWeights ?? [], expected.finalProportions)
    {
      #expect(agree(a, b, within: 1e-11))
    }
    let components = expected.means.count
    let variances =
      fit.model.variances
      ?? [Double](repeating: fit.model.variance, count: components)
    #expect(variances.count == components)
    for (a, b) in zip(variances, expected.finalVariances) {
      #expect(agree(a, b, within: 1e-11))
    }
  }

  @Test(arguments: GeneralCase.all)
  func allComponentsGiveTheLogLikelihood(_ expected: GeneralCase) throws {
    let before = try expected.fit(iterations: expected.iterations - 1).model
    let components = before.components
    let value = try TruncatedEM().evaluate(
      try WeightedPoints(expected.points, expected.weights), under: before,
      truncation: Truncation(components))
    #expect(
      agree(value.freeEnergy, expected.logLikelihoodPerPoint, within: 1e-11))
  }

  private struct Data: CustomTestStringConvertible {
    let testDescription: String
    let points: [[Double]]
    let means: [[Double]]
  }

  /// Data that are meant to be awkward.
  private static let data: [Data] = {
    var random = TestData(state: 31)
    var result: [Data] = []
    for dimension in 1...6 {
      result.append(
        Data(
          testDescription: "random, D = \(dimension)",
          points: random.points(500, dimension: dimension, scale: 10),
          means: random.points(30, dimension: dimension, scale: 10)))
    }
    // Beyond the dimensions that have passes of their own.
    for dimension in [7, 16, 64] {
      result.append(
        Data(
          testDescription: "random, D = \(dimension)",
          points: random.points(200, dimension: dimension, scale: 4),
          means: random.points(20, dimension: dimension, scale: 4)))
    }
    let whole = random.points(600, dimension: 3, scale: 12)
      .map { $0.map { $0.rounded(.down) } }
    result.append(
      Data(
        testDescription: "whole numbers, equal means", points: whole,
        means: Array(whole[..<15] + whole[..<15])))
    result.append(
      Data(
        testDescription: "far from the origin",
        points: random.points(300, dimension: 3).map { $0.map { $0 + 1e4 } },
        means: random.points(25, dimension: 3).map { $0.map { $0 + 1e4 } }))
    result.append(
      Data(
        testDescription: "more components than points",
        points: random.points(20, dimension: 3),
        means: random.points(40, dimension: 3)))
    result.append(
      Data(
        testDescription: "one point", points: [[1, 2, 3]],
        means: random.points(20, dimension: 3, scale: 5)))
    return result
  }()

  @Test(arguments: data)
  private func findsTheCheapestOfAll(_ data: Data) throws {
    var random = TestData(state: 32)
    let count = data.means.count
    let weights = random.weights(data.points.count, most: 30)
    let points = PointTree(try WeightedPoints(data.points, weights))
    // From hardly different to more than a million times as wide, and some
    // without any part in it.
    for spread in [0.01, 1, 4] {
      let raw = (0..<count).map { c in c % 7 == 3 ? 0 : random.unit() + 1e-6 }
      let sum = raw.reduce(0, +)
      let model = try MixtureModel(
        means: data.means.flatMap { $0 }, mixingWeights: raw.map { $0 / sum },
        variances: (0..<count).map { _ in
          var variance = 1.0
          for _ in 0..<Int(spread * 4 * random.unit()) { variance *= 0.3 }
          return variance * (1 + 0.01 * random.unit())
        }, dimension: data.means[0].count)
      let reference = GeneralReference(data.points, weights, model)
      let live = raw.filter { $0 > 0 }.count
      for truncation in [1, 2, 3, 5, 8, 9, 17, count] {
        let value = try TruncatedEM().evaluate(
          points, under: model, truncation: Truncation(truncation))
        let kept = reference.kept(min(live, truncation))
        #expect(
          agree(
            value.freeEnergy, reference.expectation(kept).freeEnergy,
            within: 1e-11))
      }
    }
  }

  @Test(arguments: data, mixtures)
  private func everyStepIsThatOfTheEquations(
    _ data: Data, _ options: FitOptions
  ) throws {
    var random = TestData(state: 33)
    var options = options
    options.leastComponentVariance = 1e-4
    let weights = random.weights(data.points.count, most: 30)
    let points = PointTree(try WeightedPoints(data.points, weights))
    let count = data.means.count
    let start = try MixtureModel(data.means)
    let floor = options.covariance == .spherical ? 1e-4 : 1e-12
    for truncation in [1, 2, 9, count] {
      let cprime = Truncation(truncation)
      var before = try engine(options, iterations: 0).fit(
        points, from: start, truncation: cprime
      ).model
      for t in 1...3 {
        let fit = try engine(options, iterations: t).fit(
          points, from: start, truncation: cprime)
        var reference = GeneralReference(data.points, weights, before)
        let kept = reference.kept(
          min(truncation, reference.mixingWeights.filter { $0 > 0 }.count))
        let (freeEnergy, shares) = reference.expectation(kept)
        #expect(
          agree(fit.iterations[t - 1].freeEnergy, freeEnergy, within: 1e-10))
        reference.maximize(shares, options, floor: floor)
        let found = GeneralReference(data.points, weights, fit.model)
        for c in 0..<count {
          for (a, b) in zip(found.means[c], reference.means[c]) {
            #expect(agree(a, b, within: 1e-9))
          }
          #expect(
            agree(found.variances[c], reference.variances[c], within: 1e-9))
          #expect(
            agree(
              found.mixingWeights[c], reference.mixingWeights[c], within: 1e-10)
          )
        }
        // F of the same K_n does not fall in the M-step.
        #expect(
          found.expectation(kept).freeEnergy
            >= freeEnergy - 1e-11 * max(1, abs(freeEnergy)))
        before = fit.model
      }
    }
  }

  @Test(arguments: mixtures, [1, 2, 3, 9, 12])
  func freeEnergyNeverFalls(_ options: FitOptions, truncation: Int) throws {
    for state in 41...44 as ClosedRange<UInt64> {
      for empty in [FitOptions.EmptyComponents.keep, .reseed] {
        var random = TestData(state: state)
        var options = options
        options.emptyComponents = empty
        // Some narrow, some wide, some far away and without any point.
        let rows =
          random.points(150, dimension: 3)
          + random.points(80, dimension: 3, scale: 1e-3)
          + random.points(60, dimension: 3, scale: 20)
        let means =
          random.points(11, dimension: 3)
          + random.points(1, dimension: 3, scale: 1_000)
        let fit = try engine(options, iterations: 60).fit(
          try WeightedPoints(rows, random.weights(rows.count, most: 9)),
          from: try MixtureModel(means),
          truncation: Truncation(truncation))
        #expect(fit.iterations.count == 60)
        for (a, b) in zip(fit.iterations, fit.iterations.dropFirst()) {
          #expect(
            b.freeEnergy >= a.freeEnergy - 1e-12 * max(1, abs(a.freeEnergy)))
        }
      }
    }
  }

  @Test(arguments: mixtures, [1, 2, 12])
  func resultDoesNotDependOnThreads(
    _ options: FitOptions, truncation: Int
  ) throws {
    var random = TestData(state: 45)
    let points = PointTree(
      try WeightedPoints(
        random.points(20_001, dimension: 3), random.weights(20_001, most: 99)))
    let fits = try [1, 2, 5].map { threads in
      try engine(options, iterations: 5, threads: threads).fit(
        points, components: 12, truncation: Truncation(truncation),
        seed: 5)
    }
    for fit in fits.dropFirst() {
      #expect(fit.model == fits[0].model)
      #expect(fit.iterations == fits[0].iterations)
    }
  }

  @Test(arguments: mixtures, [1, 2, 5])
  func degenerateDataHaveAFiniteModel(
    _ options: FitOptions, truncation: Int
  ) throws {
    let sets: [[[Double]]] = [
      [[1, 2, 3]], [[Double]](repeating: [7, 7, 7], count: 40),
      [[0, 0, 0], [255, 0, 0], [3, 4, 5]],
    ]
    for rows in sets {
      for empty in [FitOptions.EmptyComponents.keep, .reseed] {
        var options = options
        options.emptyComponents = empty
        let fit = try engine(options, iterations: 12).fit(
          try WeightedPoints(rows), components: 5,
          truncation: Truncation(truncation))
        let model = fit.model
        #expect(model.means.allSatisfy { $0.isFinite })
        #expect(model.variance > 0 && model.variance.isFinite)
        if let variances = model.variances {
          #expect(variances.allSatisfy { $0 > 0 && $0.isFinite })
        }
        if let mixingWeights = model.mixingWeights {
          #expect(mixingWeights.allSatisfy { $0 >= 0 })
          #expect(abs(mixingWeights.reduce(0, +) - 1) < 1e-12)
        }
        #expect(fit.iterations.allSatisfy { $0.freeEnergy.isFinite })
      }
    }
  }

  @Test func aComponentWithoutWeightStaysOut() throws {
    var options = FitOptions()
    options.mixingWeights = .learned
    options.covariance = .spherical
    options.tolerance = 0
    options.emptyComponents = .reseed
    let points = try WeightedPoints([[0, 0], [1, 0], [0, 1], [9, 9]])
    let fit = try engine(options, iterations: 4).fit(
      points, from: try MixtureModel([[0, 0], [50, 50]]), truncation: .hard)
    #expect(fit.iterations.map(\.emptyComponents) == [1, 1, 1, 1])
    #expect(fit.model.mixingWeights == [1, 0])
    #expect(Array(fit.model.mean(1)) == [50, 50])
    // F is that of the other component alone, whatever C' is.
    let all = try TruncatedEM().evaluate(
      points, under: fit.model, truncation: Truncation(2))
    let one = try TruncatedEM().evaluate(
      points, under: fit.model, truncation: .hard)
    #expect(all == one)
  }

  @Test func aComponentOnOnePointKeepsTheLeastVariance() throws {
    var options = FitOptions()
    options.covariance = .spherical
    options.tolerance = 0
    let rows: [[Double]] = [[0, 0], [1, 0], [0, 1], [9, 9]]
    let start = try MixtureModel([[0, 0], [9, 9]])
    let points = try WeightedPoints(rows)
    // Relative to the points' own variance, whatever the units.
    let own =
      rows.flatMap { row in row.map { ($0 - 2.5) * ($0 - 2.5) } }
      .reduce(0, +) / 8
    let relative = try engine(options, iterations: 3).fit(
      points, from: start, truncation: .hard
    ).model.variances?[1]
    let share = try #require(relative) / own
    #expect(agree(share, 1e-6, within: 1e-15))
    options.leastComponentVariance = 0.25
    let given = try engine(options, iterations: 3).fit(
      points, from: start, truncation: .hard)
    #expect(given.model.variances?[1] == 0.25)
    // σ² is the average by weight.
    let variances = try #require(given.model.variances)
    #expect(
      agree(
        given.model.variance, (3 * variances[0] + variances[1]) / 4,
        within: 1e-15))
  }

  @Test func defaultsAreThePapersModel() throws {
    var random = TestData(state: 46)
    let points = try WeightedPoints(random.points(300, dimension: 3))
    let means = random.points(6, dimension: 3)
    for truncation in [1, 2, 6] {
      let cprime = Truncation(truncation)
      let fit = try engine(Self.mixtures[0], iterations: 5).fit(
        points, from: try MixtureModel(means), truncation: cprime)
      #expect(fit.model.mixingWeights == nil)
      #expect(fit.model.variances == nil)
      // Proportions of 1/C and equal variances are the same model.
      let written = try MixtureModel(
        means: fit.model.means,
        mixingWeights: [Double](repeating: 1 / 6, count: 6),
        variances: [Double](repeating: fit.model.variance, count: 6),
        dimension: 3)
      let (a, b) = (
        try TruncatedEM().evaluate(
          points, under: fit.model, truncation: cprime),
        try TruncatedEM().evaluate(points, under: written, truncation: cprime)
      )
      #expect(agree(a.freeEnergy, b.freeEnergy, within: 1e-13))
      #expect(agree(a.inertia, b.inertia, within: 1e-13))
      // A fit starts from the means alone.
      let again = try engine(Self.mixtures[0], iterations: 1).fit(
        points, from: written, truncation: cprime)
      #expect(again.model.mixingWeights == nil)
    }
  }

  @Test(arguments: mixtures)
  func criteriaCountTheParameters(_ options: FitOptions) throws {
    var random = TestData(state: 47)
    let tree = PointTree(try WeightedPoints(random.points(400, dimension: 2)))
    var selection = SelectionOptions()
    selection.criterion = .aic
    selection.most = 4
    let more =
      (options.mixingWeights == .learned ? 1 : 0)
      + (options.covariance == .spherical ? 1 : 0)
    for candidate in try engine(options, iterations: 9).fit(
      tree, choosing: selection
    ).candidates {
      let c = candidate.components
      let parameters = Double(2 * c + 1 + more * (c - 1))
      let expected = 2 * parameters - 800 * candidate.freeEnergy
      #expect(agree(candidate.value, expected, within: 1e-12))
    }
  }

  @Test func refusesWhatIsNoModel() throws {
    for mixingWeights in [[1.0], [0.5, 0.6], [-0.5, 1.5], [.nan, 1]] {
      #expect(throws: FitError.mixingWeights) {
        try MixtureModel(
          means: [1, 2], mixingWeights: mixingWeights, variance: 1, dimension: 1
        )
      }
    }
    #expect(throws: FitError.variances(1, components: 2)) {
      try MixtureModel(
        means: [1, 2], mixingWeights: nil, variances: [1], dimension: 1)
    }
    #expect(throws: FitError.notFinite) {
      try MixtureModel(
        means: [1, 2], mixingWeights: nil, variances: [1, -1], dimension: 1)
    }
    for options in Self.mixtures.dropFirst() {
      var options = options
      options.eStep = .neighbourhood(3)
      #expect(throws: FitError.partialEStep) { try TruncatedEM(options) }
    }
    for least in [0, -1, .nan, .infinity] as [Double] {
      var options = FitOptions()
      options.leastComponentVariance = least
      #expect(throws: FitError.options) { try TruncatedEM(options) }
    }
  }
}
