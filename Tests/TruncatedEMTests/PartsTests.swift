import Testing
import TruncatedEM

/// Fits to points that come in parts, against those to all at once.
@Suite struct PartsTests {
  private func rows() -> [[Double]] {
    var data = TestData(state: 77)
    return data.points(1_500, dimension: 3, scale: 255)
  }

  /// Trees of every third of the rows, with weights.
  private func parts(_ count: Int) throws -> [PointTree] {
    let rows = rows()
    return try (0..<count).map { part in
      let numbers = stride(from: part, to: rows.count, by: count)
      return PointTree(
        try WeightedPoints(
          numbers.map { rows[$0] }, numbers.map { Double(1 + $0 % 5) }))
    }
  }

  private func expectClose(
    _ fit: Fit, _ other: Fit, _ source: SourceLocation = #_sourceLocation
  ) {
    func near(_ a: Double, _ b: Double) -> Bool {
      abs(a - b) <= 1e-9 * max(1, abs(a))
    }
    #expect(
      fit.iterations.count == other.iterations.count, sourceLocation: source)
    for (one, two) in zip(fit.iterations, other.iterations) {
      #expect(near(one.freeEnergy, two.freeEnergy), sourceLocation: source)
      #expect(near(one.inertia, two.inertia), sourceLocation: source)
      #expect(near(one.variance, two.variance), sourceLocation: source)
      #expect(one.emptyComponents == two.emptyComponents)
    }
    #expect(
      zip(fit.model.means, other.model.means).allSatisfy { near($0, $1) },
      sourceLocation: source)
    #expect(
      near(fit.model.variance, other.model.variance), sourceLocation: source)
    #expect(fit.model.pinned == other.model.pinned)
    for (one, two) in [
      (fit.model.mixingWeights, other.model.mixingWeights),
      (fit.model.variances, other.model.variances),
    ] {
      #expect((one == nil) == (two == nil))
      #expect(
        zip(one ?? [], two ?? []).allSatisfy { near($0, $1) },
        sourceLocation: source)
    }
  }

  @Test(arguments: [1, 2, 12], [1, 4])
  func asAllAtOnce(cprime: Int, count: Int) throws {
    for variance in [CovarianceType.tied, .spherical] {
      for mixing in [MixingWeights.equal, .learned] {
        var options = FitOptions()
        options.emptyComponents = .keep
        options.maximumIterations = 8
        options.tolerance = 0
        options.covariance = variance
        options.mixingWeights = mixing
        let engine = try TruncatedEM(options)
        // One mean stays, and with C' = 1 one is nobody's.
        let last = cprime == 1 ? [900, 900, 900] : rows()[11]
        let start = try MixtureModel(
          means: rows().prefix(11).flatMap(\.self) + last, dimension: 3,
          pinned: 1)
        let truncation = Truncation(cprime)
        let whole = try engine.fit(
          try parts(1)[0], from: start, truncation: truncation)
        let trees = try parts(count)
        var seen = 0
        let fit = try engine.fit(
          parts: count, from: start, resumes: false, truncation: truncation,
          observer: { _ in
            seen += 1
            return .proceed
          }, { trees[$0] })
        #expect(seen == 8)
        expectClose(fit, whole)
      }
    }
  }

  /// A fit that is continued is one fit.
  @Test(arguments: [1, 3])
  func resumes(cprime: Int) throws {
    var options = FitOptions()
    options.emptyComponents = .keep
    options.acceleration = Acceleration.plain
    options.tolerance = 0
    options.maximumIterations = 5
    options.covariance = .spherical
    options.mixingWeights = .learned
    let start = try MixtureModel(
      means: rows().prefix(9).flatMap(\.self), dimension: 3)
    let truncation = Truncation(cprime)
    let trees = try parts(3)
    let first = try TruncatedEM(options).fit(
      parts: 3, from: start, resumes: false, truncation: truncation
    ) { trees[$0] }
    let second = try TruncatedEM(options).fit(
      parts: 3, from: first.model, resumes: true, truncation: truncation
    ) { trees[$0] }
    options.maximumIterations = 10
    let whole = try TruncatedEM(options).fit(
      parts: 3, from: start, resumes: false, truncation: truncation
    ) { trees[$0] }
    #expect(second.model.means == whole.model.means)
    #expect(second.model.variances == whole.model.variances)
    #expect(
      first.iterations.map(\.freeEnergy) + second.iterations.map(\.freeEnergy)
        == whole.iterations.map(\.freeEnergy))
  }

  /// A model without a variance has nothing to resume with but its means.
  @Test(arguments: [1, 2])
  func withoutVarianceOnlyMeansAreTaken(cprime: Int) throws {
    var options = FitOptions()
    options.maximumIterations = 3
    let start = try MixtureModel(
      means: rows().prefix(9).flatMap(\.self), variance: 0, dimension: 3)
    let trees = try parts(2)
    var fits: [Fit] = []
    for resumes in [false, true] {
      fits.append(
        try TruncatedEM(options).fit(
          parts: 2, from: start, resumes: resumes, truncation: .soft(cprime)
        ) { trees[$0] })
    }
    #expect(fits[0].iterations == fits[1].iterations)
    #expect(fits[1].iterations.allSatisfy { $0.freeEnergy.isFinite })
  }

  /// The first E-step of C' = 1 is that which gives the variance: no part is made
  /// twice for it.
  @Test func makesEachPartOnceAnIteration() throws {
    var options = FitOptions()
    options.maximumIterations = 4
    options.tolerance = 0
    let start = try MixtureModel(
      means: rows().prefix(4).flatMap(\.self), dimension: 3)
    let trees = try parts(2)
    var made = 0
    _ = try TruncatedEM(options).fit(
      parts: 2, from: start, resumes: false, truncation: .hard
    ) { part in
      made += 1
      return trees[part]
    }
    #expect(made == 8)
  }

  @Test func stopsAndConverges() throws {
    let trees = try parts(2)
    let start = try MixtureModel(
      means: rows().prefix(4).flatMap(\.self), dimension: 3)
    let stopped = try TruncatedEM().fit(
      parts: 2, from: start, resumes: false, truncation: .hard,
      observer: { _ in .stop }, { trees[$0] })
    #expect(stopped.iterations.count == 1)
    #expect(!stopped.converged)
    var options = FitOptions()
    options.maximumIterations = 500
    let ended = try TruncatedEM(options).fit(
      parts: 2, from: start, resumes: false, truncation: .hard
    ) { trees[$0] }
    #expect(ended.converged)
    #expect(throws: FitError.self) {
      try TruncatedEM().fit(
        parts: 2, from: MixtureModel(means: [1, 2], dimension: 2),
        resumes: false, truncation: .hard
      ) { trees[$0] }
    }
  }
}
