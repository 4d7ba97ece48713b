import Testing
import TruncatedEM
import _TestSupport

/// Data at the edges of what there can be, under every option: no number that is
/// none, no fall of F, and shares that sum to 1.
@Suite struct ExtremeDataTests {
  /// Points with weights, and how many components to fit to them.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let points: [[Double]]
    var weights: [Double]?
    let components: Int
  }

  static let cases: [Case] = {
    var numbers = Generator(seed: 5)
    func random(_ count: Int, times factor: Double) -> [[Double]] {
      (0..<count).map { _ in
        (0..<3).map { _ in Double(numbers.next() >> 40) / 0x1p24 * factor }
      }
    }
    let eight = random(8, times: 255)
    let extremes: [[Double]] = (0..<8).map { corner in
      (0..<3).map { corner >> $0 & 1 == 0 ? 0 : 65_535 }
    }
    return [
      Case(testDescription: "one colour", points: [[1, 2, 3]], components: 1),
      Case(
        testDescription: "one colour, many components", points: [[1, 2, 3]],
        components: 16),
      Case(
        testDescription: "two colours", points: [[0, 0, 0], [255, 255, 255]],
        components: 2),
      Case(
        testDescription: "two colours that hardly differ",
        points: [[128, 128, 128], [128, 128, 128 + 1e-9]], components: 2),
      Case(
        testDescription: "all pixels equal",
        points: [[Double]](repeating: [7, 8, 9], count: 40), components: 4),
      Case(
        testDescription: "as many components as colours", points: eight,
        components: 8),
      Case(
        testDescription: "more components than colours", points: eight,
        components: 20),
      Case(
        testDescription: "fewer components than colours", points: eight,
        components: 3),
      Case(
        testDescription: "extremes of 16 bits", points: extremes, components: 3),
      Case(
        testDescription: "tiny distances", points: random(60, times: 1e-150),
        components: 5),
      Case(
        testDescription: "huge distances", points: random(60, times: 1e120),
        components: 5),
      Case(
        testDescription: "far from zero",
        points: random(60, times: 1e-3).map { $0.map { $0 + 65_535 } },
        components: 5),
      Case(
        testDescription: "weights up to 2^40", points: random(64, times: 255),
        weights: (0..<64).map { Double(UInt64(1) << UInt64($0 % 41)) },
        components: 6),
      Case(
        testDescription: "a heavy colour and dust",
        points: [[10, 10, 10]] + random(63, times: 255),
        weights: [0x1p40] + [Double](repeating: 1, count: 63), components: 6),
      Case(
        testDescription: "weights of nothing", points: random(64, times: 255),
        weights: (0..<64).map { $0 % 2 == 0 ? 0 : 1e-300 }, components: 6),
    ]
  }()

  private static let mixtures: [FitOptions] = MixingWeights.allCases
    .flatMap { mixing in
      CovarianceType.spheres.flatMap { variance in
        [FitOptions.EmptyComponents.keep, .reseed].map { empty in
          var options = FitOptions()
          options.mixingWeights = mixing
          options.covariance = variance
          options.emptyComponents = empty
          options.maximumIterations = 60
          options.tolerance = 0
          return options
        }
      }
    }

  @Test(arguments: cases)
  func fits(_ data: Case) throws {
    let points = try WeightedPoints(
      coordinates: data.points.flatMap(\.self), weights: data.weights,
      dimension: 3)
    for options in Self.mixtures {
      for count in Set([1, min(2, data.components), data.components]) {
        let truncation = Truncation(count)
        let engine = try TruncatedEM(options)
        let fit = try engine.fit(
          PointTree(points), components: data.components,
          truncation: truncation, seed: 1)
        let note: Comment =
          "\(options.mixingWeights) \(options.covariance) C' \(count)"
        check(fit, data, options, note)
        try checkPosterior(fit, points, note)
      }
    }
  }

  private func check(
    _ fit: Fit, _ data: Case, _ options: FitOptions, _ note: Comment
  ) {
    let model = fit.model
    #expect(model.components == data.components, note)
    #expect(model.means.allSatisfy { $0.isFinite }, note)
    #expect(model.variance.isFinite && model.variance >= 0, note)
    for variance in model.variances ?? [] {
      #expect(variance.isFinite && variance >= 0, note)
    }
    if let mixingWeights = model.mixingWeights {
      #expect(mixingWeights.allSatisfy { (0...1).contains($0) }, note)
      #expect(abs(mixingWeights.reduce(0, +) - 1) < 1e-9, note)
    }
    for statistics in fit.iterations {
      #expect(statistics.freeEnergy.isFinite, note)
      #expect(statistics.inertia.isFinite && statistics.inertia >= 0, note)
      #expect(statistics.variance.isFinite, note)
    }
    // Means that are put elsewhere may cost F in one step.
    guard case .keep = options.emptyComponents else { return }
    for (before, after) in zip(fit.iterations, fit.iterations.dropFirst()) {
      let slack = 1e-9 * max(1, abs(before.freeEnergy))
      #expect(after.freeEnergy >= before.freeEnergy - slack, note)
    }
  }

  private func checkPosterior(
    _ fit: Fit, _ points: WeightedPoints, _ note: Comment
  ) throws {
    let posterior = try TruncatedEM().posterior(
      of: PointTree(points), under: fit.model, truncation: fit.truncation)
    let shares = posterior.responsibilities
    for start in stride(from: 0, to: shares.count, by: posterior.truncation) {
      let row = shares[start..<start + posterior.truncation]
      #expect(row.allSatisfy { (0...1).contains($0) }, note)
      #expect(abs(row.reduce(0, +) - 1) < 1e-5, note)
    }
  }

  /// A variance that is given, far below and above all distances.
  @Test(arguments: [
    0, Double.leastNonzeroMagnitude, 1e-300, 1e-12, 1, 1e12, 1e300,
  ])
  func givenVariance(_ variance: Double) throws {
    var numbers = Generator(seed: 9)
    let flat = (0..<300).map { _ in Double(numbers.next() >> 56) }
    let points = try WeightedPoints(coordinates: flat, dimension: 3)
    let model = try MixtureModel(
      means: Array(flat.prefix(30)), variance: variance, dimension: 3)
    for count in [1, 3, 10] {
      let truncation = Truncation(count)
      let posterior = try TruncatedEM().posterior(
        of: PointTree(points), under: model, truncation: truncation)
      let shares = posterior.responsibilities
      for start in stride(from: 0, to: shares.count, by: count) {
        #expect(abs(shares[start..<start + count].reduce(0, +) - 1) < 1e-5)
      }
      let value = try TruncatedEM().evaluate(
        PointTree(points), under: model, truncation: truncation)
      #expect(!value.freeEnergy.isNaN)
      #expect(value.inertia.isFinite)
    }
  }
}
