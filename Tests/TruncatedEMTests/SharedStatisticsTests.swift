import Testing
import TruncatedEM
import _TestSupport

@Suite struct SharedStatisticsTests {
  /// Points of the plane, with weights.
  private struct Sample {
    var coordinates: [Double] = []
    var weights: [Double] = []

    init(_ count: Int, seed: UInt64) {
      var random = Generator(seed: seed)
      for _ in 0..<count {
        for _ in 0..<2 {
          coordinates.append(
            Double.random(in: -1...1, using: &random)
              + Double(Int.random(in: 0...3, using: &random)))
        }
        weights.append(Double.random(in: 0...2, using: &random))
      }
    }

    var tree: PointTree {
      get throws {
        PointTree(
          try WeightedPoints(
            coordinates: coordinates, weights: weights, dimension: 2))
      }
    }
  }

  /// Parts of the points and all of them give the same E-step, whose M-step
  /// raises F.
  @Test(arguments: [1, 2, 5], [false, true])
  func partsGiveTheStepOfAllPoints(cprime: Int, isGeneral: Bool) throws {
    let parts = [(40, 1), (300, 2), (7, 3)].map {
      Sample($0.0, seed: UInt64($0.1))
    }
    var all = parts[0]
    for part in parts.dropFirst() {
      all.coordinates += part.coordinates
      all.weights += part.weights
    }
    let means = Array(parts[1].coordinates.prefix(10))
    let model =
      isGeneral
      ? try MixtureModel(
        means: means, mixingWeights: [Double](repeating: 0.2, count: 5),
        variances: [Double](repeating: 0.4, count: 5), dimension: 2)
      : try MixtureModel(means: means, variance: 0.4, dimension: 2)
    let engine = try TruncatedEM(FitOptions())
    let truncation = Truncation(cprime)
    var sum = SharedStatistics(of: model)
    for part in parts {
      sum.add(
        try engine.statistics(
          of: part.tree, under: model, truncation: truncation))
    }
    let tree = try all.tree
    let whole = try engine.statistics(
      of: tree, under: model, truncation: truncation)
    // The least variance is a bound of each part.
    for (n, (a, b)) in zip(sum.numbers, whole.numbers).enumerated()
    where n != 3 {
      #expect(abs(a - b) <= 1e-9 * (1 + abs(b)))
    }
    let before = try engine.evaluate(
      tree, under: model, truncation: truncation)
    #expect(abs(sum.freeEnergy / sum.totalWeight - before.freeEnergy) < 1e-9)
    let next = sum.maximized(from: model)
    let after = try engine.evaluate(tree, under: next, truncation: truncation)
    #expect(after.freeEnergy >= before.freeEnergy - 1e-12)
    let copy = try #require(SharedStatistics(numbers: sum.numbers, of: model))
    #expect(copy.maximized(from: model) == next)
  }

  @Test func wrongNumbersAreRefused() throws {
    let model = try MixtureModel(means: [0, 1], variance: 1, dimension: 1)
    let numbers = SharedStatistics(of: model).numbers
    #expect(numbers.count == SharedStatistics.count(of: model))
    #expect(SharedStatistics(numbers: numbers, of: model) != nil)
    #expect(SharedStatistics(numbers: numbers + [0], of: model) == nil)
    for place in numbers.indices {
      var wrong = numbers
      wrong[place] = .nan
      #expect(SharedStatistics(numbers: wrong, of: model) == nil)
    }
    // Of no points nothing is learned.
    #expect(SharedStatistics(of: model).maximized(from: model) == model)
  }
}
