import Foundation
import Testing
import TruncatedEM

/// Mixtures with covariance matrices, against NumPy, SciPy and scikit-learn
/// (Fixtures/make_covariance_fixtures.py), and what must hold of them.
@Suite struct CovarianceTests {
  /// Fixtures/covariances.json.
  private struct File: Decodable {
    struct Points: Decodable {
      let points: [[Double]]
      let weights: [Double]
    }

    let data: [String: Points]
    let cases: [Case]
  }

  private struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let dimension: Int
    let shape: CovarianceShape
    let mixing: String
    let cprime: Int
    let floor: Double
    let iterations: Int
    let means: [[Double]]
    let freeEnergy: [Double]
    let finalMeans: [[Double]]
    let finalProportions: [Double]
    let finalCovariances: [[Double]]
    let logLikelihoodPerPoint: Double

    var testDescription: String { name }

    enum CovarianceShape: String, Decodable {
      case diagonal
      case full
    }

    var options: FitOptions {
      get throws {
        var options = FitOptions()
        options.tolerance = 0
        options.maximumIterations = iterations
        options.emptyComponents = .keep
        options.mixingWeights = try #require(MixingWeights(rawValue: mixing))
        options.covariance = try #require(
          CovarianceType(rawValue: shape.rawValue))
        options.leastComponentVariance = floor
        return options
      }
    }
  }

  private static let file: File = {
    let url = Bundle.module.url(
      forResource: "covariances", withExtension: "json",
      subdirectory: "Fixtures")
    guard let url, let data = try? Data(contentsOf: url),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { preconditionFailure("cannot read Fixtures/covariances.json") }
    return file
  }()

  private static func points(_ dimension: Int) throws -> WeightedPoints {
    let data = try #require(file.data["\(dimension)"])
    return try WeightedPoints(data.points, data.weights)
  }

  @Test(arguments: file.cases)
  private func agreesWithNumPy(_ expected: Case) throws {
    let points = try Self.points(expected.dimension)
    let fit = try TruncatedEM(expected.options).fit(
      points, from: try MixtureModel(expected.means),
      truncation: Truncation(expected.cprime))
    #expect(fit.iterations.count == expected.iterations)
    for (statistics, value) in zip(fit.iterations, expected.freeEnergy) {
      #expect(agree(statistics.freeEnergy, value, within: 1e-10))
    }
    for (mean, row) in zip(fit.model.rows, expected.finalMeans) {
      for (a, b) in zip(mean, row) { #expect(agree(a, b, within: 1e-9)) }
    }
    for (c, share) in expected.finalProportions.enumerated() {
      #expect(
        agree(fit.model.mixingWeights?[c] ?? 0.25, share, within: 1e-10))
    }
    let covariances = try #require(fit.model.covariances)
    let dimension = expected.dimension
    for (c, matrix) in expected.finalCovariances.enumerated() {
      for i in 0..<dimension {
        for j in 0..<dimension {
          #expect(
            agree(
              covariances[c, i, j], matrix[i * dimension + j], within: 1e-9))
        }
      }
    }
  }

  /// With C' = C, F is the log-likelihood.
  @Test(arguments: file.cases.filter { $0.floor < 1e-6 })
  private func allComponentsGiveTheLogLikelihood(_ expected: Case) throws {
    let dimension = expected.dimension
    let isFull = expected.shape == .full
    let values = expected.finalCovariances.flatMap { matrix in
      (0..<dimension).flatMap { i in
        (isFull ? 0...i : i...i).map { matrix[i * dimension + $0] }
      }
    }
    let model = try MixtureModel(
      means: expected.finalMeans.flatMap { $0 },
      mixingWeights: expected.finalProportions, covariances: values,
      isFull ? .full : .diagonal, dimension: dimension)
    let tree = PointTree(try Self.points(dimension))
    let engine = try TruncatedEM()
    let whole = try engine.evaluate(tree, under: model, truncation: .full)
    #expect(
      agree(whole.freeEnergy, expected.logLikelihoodPerPoint, within: 1e-10))
    // F grows with C', and its entropy with it is that of the posterior.
    var last = -Double.infinity
    for cprime in 1...4 {
      let truncation = Truncation(cprime)
      let value = try engine.evaluate(
        tree, under: model, truncation: truncation)
      #expect(value.freeEnergy >= last)
      last = value.freeEnergy
      let entropies = try engine.entropies(
        of: tree, under: model, truncation: truncation)
      let weights = try #require(Self.file.data["\(dimension)"]).weights
      let mean =
        zip(entropies, weights).map(*).reduce(0, +) / weights.reduce(0, +)
      #expect(abs(mean - value.entropy) < 1e-9)
    }
  }

  private struct Kind: CustomTestStringConvertible {
    let covariance: CovarianceType
    let mixing: MixingWeights
    let cprime: Int

    var testDescription: String { "\(covariance), \(mixing), C' = \(cprime)" }

    static let all: [Kind] = [CovarianceType.diagonal, .full].flatMap { type in
      MixingWeights.allCases.flatMap { mixing in
        [1, 2, 6].map { Kind(covariance: type, mixing: mixing, cprime: $0) }
      }
    }

    func engine(
      _ change: (inout FitOptions) -> Void = { _ in }
    ) throws -> TruncatedEM {
      var options = FitOptions()
      options.covariance = covariance
      options.mixingWeights = mixing
      options.maximumIterations = 40
      options.tolerance = 0
      change(&options)
      return try TruncatedEM(options)
    }
  }

  /// Long clusters at all angles.
  private func strokes(_ dimension: Int, count: Int = 900) throws
    -> WeightedPoints
  {
    var data = TestData(state: 41)
    let centers = data.points(6, dimension: dimension, scale: 60)
    let axes = data.points(6, dimension: dimension, scale: 2)
    let rows = (0..<count).map { n in
      let along = 40 * (data.unit() - 0.5)
      return centers[n % 6].indices.map { d in
        centers[n % 6][d] + along * (axes[n % 6][d] - 1)
          + 3 * (data.unit() + data.unit() - 1)
      }
    }
    let weights = rows.map { _ in 1 + (3 * data.unit()).rounded() }
    return try WeightedPoints(rows, weights)
  }

  @Test(arguments: Kind.all)
  private func neverLowersF(_ kind: Kind) throws {
    for dimension in [1, 2, 3, 9] {
      let points = try strokes(dimension)
      for acceleration in Acceleration.allCases {
        let fit = try kind.engine { $0.acceleration = acceleration }.fit(
          points, components: 6, truncation: Truncation(kind.cprime))
        for (old, new) in zip(fit.iterations, fit.iterations.dropFirst()) {
          #expect(
            new.freeEnergy >= old.freeEnergy - 1e-12 * abs(old.freeEnergy))
        }
        #expect(fit.model.covariances != nil)
      }
    }
  }

  /// More freedom, more F; a full matrix follows what a diagonal one cannot.
  @Test func freedomRaisesF() throws {
    let points = try strokes(3)
    let values = try CovarianceType.allCases.map { type in
      var options = FitOptions()
      options.covariance = type
      options.maximumIterations = 400
      options.tolerance = 1e-9
      let fit = try TruncatedEM(options).fit(
        points, components: 6, truncation: .full)
      return try #require(fit.iterations.last).freeEnergy
    }
    for (less, more) in zip(values, values.dropFirst()) {
      #expect(more > less + 0.01)
    }
  }

  @Test(arguments: Kind.all)
  private func threadsDoNotMatter(_ kind: Kind) throws {
    let points = try strokes(3, count: 9_000)
    let models = try [1, 2, 5].map { threads in
      try kind.engine {
        $0.threads = threads
        $0.maximumIterations = 4
      }.fit(points, components: 6, truncation: Truncation(kind.cprime)).model
    }
    #expect(models[1] == models[0] && models[2] == models[0])
  }

  /// A cluster on a line, and one on a point: matrices keep the least variance.
  @Test(arguments: Kind.all)
  private func leastVarianceHolds(_ kind: Kind) throws {
    let line = (0..<40).map { [Double($0), 2 * Double($0), 5] }
    let rows = line + [[Double]](repeating: [300, 300, 300], count: 20)
    let fit = try kind.engine { $0.leastComponentVariance = 0.25 }.fit(
      try WeightedPoints(rows), components: 3,
      truncation: Truncation(kind.cprime))
    let covariances = try #require(fit.model.covariances)
    for c in 0..<3 {
      for d in 0..<3 { #expect(covariances[c, d, d] >= 0.25 * (1 - 1e-9)) }
    }
    #expect(fit.iterations.allSatisfy { $0.freeEnergy.isFinite })
    for (old, new) in zip(fit.iterations, fit.iterations.dropFirst()) {
      #expect(new.freeEnergy >= old.freeEnergy - 1e-12 * abs(old.freeEnergy))
    }
  }

  /// Statistics of parts are those of all, also as numbers.
  @Test(arguments: Kind.all)
  private func partsAddUp(_ kind: Kind) throws {
    let points = try strokes(3, count: 400)
    let engine = try kind.engine { $0.maximumIterations = 3 }
    let truncation = Truncation(kind.cprime)
    let model = try engine.fit(
      points, components: 6, truncation: truncation
    ).model
    let rows = (0..<400).map { points.coordinates(ofPoint: $0) }
    let weights = (0..<400).map { points.weight(ofPoint: $0) }
    var sum = SharedStatistics(of: model)
    for part in 0..<4 {
      let range = part * 100..<(part + 1) * 100
      let some = try engine.statistics(
        of: PointTree(
          try WeightedPoints(Array(rows[range]), Array(weights[range]))),
        under: model, truncation: truncation)
      #expect(some.numbers.count == SharedStatistics.count(of: model))
      sum.add(
        try #require(SharedStatistics(numbers: some.numbers, of: model)))
    }
    let whole = try engine.statistics(
      of: PointTree(points), under: model, truncation: truncation)
    for (a, b) in zip(sum.numbers, whole.numbers) {
      #expect(agree(a, b, within: 1e-9))
    }
    let next = sum.maximized(from: model)
    #expect(next.covariances != nil && next.covariances != model.covariances)
  }

  @Test func refusesWhatIsNoCovariance() throws {
    func model(_ covariances: [Double], _ shape: Covariances.Shape) throws {
      _ = try MixtureModel(
        means: [0, 0], mixingWeights: nil, covariances: covariances, shape,
        dimension: 2)
    }
    try model([1, 0.5, 1], .full)
    try model([1, 2], .diagonal)
    for (values, shape) in [
      ([1.0, 2, 1], Covariances.Shape.full), ([1, 0], .full),
      ([1, 0], .diagonal), ([1, -1], .diagonal), ([1, 2, 3], .diagonal),
    ] {
      #expect(throws: FitError.covariances) { try model(values, shape) }
    }
    #expect(throws: FitError.notFinite) { try model([1, .nan], .diagonal) }
    #expect(throws: FitError.partialEStep) {
      var options = FitOptions()
      options.covariance = .full
      options.eStep = .neighbourhood(4)
      _ = try TruncatedEM(options)
    }
  }
}
