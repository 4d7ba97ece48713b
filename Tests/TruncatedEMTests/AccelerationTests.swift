import ParallelWork
import Testing
import TruncatedEM

/// Anderson's acceleration: the same ends as plain EM, sooner, and F never falls.
@Suite struct AccelerationTests {
  /// Clusters that overlap, of different sizes: what EM is slow at.
  private func points(dimension: Int = 3, seed: UInt64 = 5) throws -> PointTree
  {
    var data = TestData(state: seed)
    let centers = data.points(12, dimension: dimension, scale: 100)
    let rows = (0..<3_000).map { i in
      let center = centers[i % 7 == 0 ? i % 12 : i % 5]
      return center.map { $0 + 40 * (data.unit() + data.unit() - 1) }
    }
    let weights = rows.map { _ in 0.5 + (4 * data.unit()).rounded() }
    return PointTree(try WeightedPoints(rows, weights))
  }

  private func start(_ tree: PointTree, _ components: Int) throws
    -> MixtureModel
  {
    var options = FitOptions()
    options.effort = try Effort(2)
    return try TruncatedEM(options).initialMeans(
      for: tree, components: components)
  }

  private func engine(
    _ acceleration: Acceleration?,
    _ change: (inout FitOptions) -> Void = { _ in }
  ) throws -> TruncatedEM {
    var options = FitOptions()
    options.acceleration = acceleration
    options.maximumIterations = 200
    options.tolerance = 0
    change(&options)
    return try TruncatedEM(options)
  }

  private struct Variant: CustomTestStringConvertible {
    let mixing: MixingWeights
    let variance: CovarianceType
    let cprime: Int

    var testDescription: String { "\(mixing), \(variance), C' = \(cprime)" }

    func apply(to options: inout FitOptions) {
      options.mixingWeights = mixing
      options.covariance = variance
    }

    static let all: [Variant] = MixingWeights.allCases.flatMap { mixing in
      CovarianceType.spheres.flatMap { variance in
        [2, 3, 9].map {
          Variant(mixing: mixing, variance: variance, cprime: $0)
        }
      }
    }
  }

  @Test(arguments: Variant.all)
  private func neverLowersF(_ variant: Variant) throws {
    for dimension in [1, 3, 8] {
      let tree = try points(dimension: dimension)
      let fit = try engine(.anderson) { variant.apply(to: &$0) }
        .fit(tree, from: start(tree, 9), truncation: .soft(variant.cprime))
      let values = fit.iterations.map(\.freeEnergy)
      for (old, new) in zip(values, values.dropFirst()) {
        #expect(new >= old - 1e-13 * abs(old))
      }
      // What ends with no step is no better or worse than plain EM from there.
      let last = try TruncatedEM().evaluate(
        tree, under: fit.model, truncation: .soft(variant.cprime))
      let highest = try #require(values.last)
      #expect(last.freeEnergy >= highest - 1e-12 * abs(highest))
    }
  }

  /// What a partial E-step keeps depends on the steps before, so none is in vain.
  @Test func partialEStepsAreNotAccelerated() throws {
    let tree = try points()
    let start = try start(tree, 12)
    let fits = try [Acceleration.anderson, .plain].map { acceleration in
      try engine(acceleration) {
        $0.eStep = .neighbourhood(3)
        $0.maximumIterations = 60
      }.fit(tree, from: start, truncation: .soft(3))
    }
    #expect(fits[0].iterations == fits[1].iterations)
    for fit in fits {
      for (old, new) in zip(fit.iterations, fit.iterations.dropFirst()) {
        #expect(new.freeEnergy >= old.freeEnergy - 1e-12)
      }
    }
  }

  /// F of 400 plain iterations in 50 steps.
  @Test(arguments: [2, 3, 9])
  func comesAsFarInFewSteps(cprime: Int) throws {
    let tree = try points()
    let start = try start(tree, 9)
    let plain = try engine(Acceleration.plain) { $0.maximumIterations = 400 }
      .fit(tree, from: start, truncation: .soft(cprime))
    let fast = try engine(.anderson) { $0.maximumIterations = 50 }
      .fit(tree, from: start, truncation: .soft(cprime))
    #expect(plain.iterations.count == 400 && plain.rejectedSteps == 0)
    let slow = try #require(plain.iterations.last).freeEnergy
    let quick = try #require(fast.iterations.last).freeEnergy
    #expect(quick > slow - 0.0005)
  }

  @Test func countsEveryStep() throws {
    let tree = try points()
    for most in [0, 1, 2, 40] {
      let fit = try engine(.anderson) { $0.maximumIterations = most }.fit(
        tree, from: start(tree, 9), truncation: .soft(3))
      #expect(fit.iterations.count + fit.rejectedSteps == most)
      #expect(fit.ending == .iterations && !fit.converged)
    }
  }

  @Test func saysWhyItEnded() throws {
    let tree = try points()
    let start = try start(tree, 9)
    let through = try engine(.anderson) { $0.tolerance = 1e-7 }
      .fit(tree, from: start, truncation: .soft(2))
    #expect(through.ending == .tolerance && through.converged)
    #expect(through.iterations.count < 200)
    var seen = 0
    let stopped = try engine(.anderson).fit(
      tree, from: start, truncation: .soft(2)
    ) { _ in
      seen += 1
      return seen == 3 ? .stop : .proceed
    }
    #expect(stopped.ending == .stopped && stopped.iterations.count == 3)
    // With as many iterations as there may be, the tolerance comes first.
    let last = try engine(.anderson) {
      $0.tolerance = 1e-7
      $0.maximumIterations =
        through.iterations.count + through.rejectedSteps
    }.fit(tree, from: start, truncation: .soft(2))
    #expect(last.ending == .tolerance)
  }

  /// Given means are plain EM's, found ones are not, unless it is said.
  @Test func isUsedWhereMeansAreFound() throws {
    let tree = try points()
    let start = try start(tree, 9)
    func values(_ fit: Fit) -> [Double] { fit.iterations.map(\.freeEnergy) }
    let unsaid = try engine(nil) { $0.maximumIterations = 12 }
    let plain = try engine(Acceleration.plain) { $0.maximumIterations = 12 }
    let fast = try engine(.anderson) { $0.maximumIterations = 12 }
    let soft = Truncation.soft(3)
    let given = values(try unsaid.fit(tree, from: start, truncation: soft))
    let same = values(try plain.fit(tree, from: start, truncation: soft))
    let sooner = values(try fast.fit(tree, from: start, truncation: soft))
    #expect(given == same)
    #expect(given != sooner)
    // Without one, found means are where plain EM starts.
    let found = values(try plain.fit(tree, found: start, truncation: soft))
    #expect(given == found)
    let said = values(try fast.fit(tree, found: start, truncation: soft))
    let usual = values(try unsaid.fit(tree, found: start, truncation: soft))
    #expect(said == usual)
    let parts = try fast.fit(
      parts: 1, from: start, resumes: false, truncation: soft
    ) { _ in tree }
    #expect(values(parts) == sooner)
    // C' = 1 is Lloyd's algorithm.
    let hard = values(try unsaid.fit(tree, found: start, truncation: .hard))
    let lloyd = values(try plain.fit(tree, from: start, truncation: .hard))
    #expect(hard == lloyd)
  }

  @Test func pinnedMeansStayAndEmptyComponentsMove() throws {
    let tree = try points()
    let pinned = try MixtureModel(
      means: [50, 50, 50, 900, 900, 900, 10, 20, 30, 900, 900, 901],
      dimension: 3, pinned: 1)
    let fit = try engine(.anderson).fit(
      tree, from: pinned, truncation: .soft(2))
    #expect(fit.model.mean(0) == [50, 50, 50])
    #expect(fit.iterations.last?.emptyComponents == 0)
    for (old, new) in zip(fit.iterations, fit.iterations.dropFirst()) {
      #expect(new.freeEnergy >= old.freeEnergy - 1e-12)
    }
  }

  @Test func threadsDoNotMatter() throws {
    let tree = try points()
    let start = try start(tree, 9)
    let models = try [1, 2, 5].map { threads in
      try engine(.anderson) { $0.threads = threads }
        .fit(tree, from: start, truncation: .soft(3)).model
    }
    #expect(models[1] == models[0] && models[2] == models[0])
  }

  /// Points that the means explain, and points that are one.
  @Test func survivesDegenerateData() throws {
    for rows in [
      [[1.0, 2.0]], [[1.0, 2.0], [5.0, 6.0]],
      [[Double]](repeating: [3, 3], count: 9) + [[3, 4]],
    ] {
      let tree = PointTree(try WeightedPoints(rows))
      let fit = try engine(.anderson) { $0.maximumIterations = 30 }.fit(
        tree, components: 3, truncation: .soft(2))
      #expect(fit.model.means.allSatisfy { $0.isFinite })
      #expect(fit.iterations.allSatisfy { $0.freeEnergy.isFinite })
    }
  }
}
