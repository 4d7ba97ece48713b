import Testing
import TruncatedEM
import _TestSupport

/// The truncated posterior against every distance computed.
@Suite struct PosteriorTests {
  private static let count = 500

  private static func coordinates(_ dimension: Int) -> [Double] {
    var numbers = Generator(seed: 3)
    return (0..<count * dimension).map { _ in
      Double(numbers.next() >> 40) / 0x1p24
    }
  }

  @Test(arguments: [(3, 1), (3, 2), (3, 8), (3, 12), (3, 20), (5, 3), (2, 20)])
  func agreesWithReference(_ dimension: Int, _ count: Int) throws {
    let flat = Self.coordinates(dimension)
    let points = (0..<Self.count).map {
      Array(flat[$0 * dimension..<($0 + 1) * dimension])
    }
    let model = try MixtureModel(
      means: Array(flat.prefix(20 * dimension)), variance: 0.01,
      dimension: dimension)
    let posterior = try TruncatedEM().posterior(
      of: PointTree(WeightedPoints(coordinates: flat, dimension: dimension)),
      under: model, truncation: Truncation(count))
    let reference = ReferenceMixture(
      points: points, weights: [Double](repeating: 1, count: Self.count),
      means: model.rows, variance: 0.01)
    let kept = reference.nearest(count)
    let expected = reference.responsibilities(kept)
    #expect(posterior.count == Self.count)
    for n in 0..<Self.count {
      let places = n * count..<(n + 1) * count
      #expect(posterior.components[places].map(Int.init) == kept[n])
      var sum = 0.0
      for (place, c) in zip(places, kept[n]) {
        let share = Double(posterior.responsibilities[place])
        sum += share
        #expect(abs(share - (expected[n][c] ?? .nan)) < 1e-6)
      }
      #expect(abs(sum - 1) < 1e-6)
    }
  }

  @Test func equallyFarComponentsShareByNumber() throws {
    let posterior = try TruncatedEM().posterior(
      of: PointTree(WeightedPoints(coordinates: [0], dimension: 1)),
      under: MixtureModel(means: [1, -1, 1, 2], variance: 1, dimension: 1),
      truncation: Truncation(3))
    #expect(posterior.components == [0, 1, 2])
    for share in posterior.responsibilities {
      #expect(abs(share - 1 / 3) < 1e-7)
    }
  }

  @Test func noVarianceGivesAllToTheNearest() throws {
    let posterior = try TruncatedEM().posterior(
      of: PointTree(WeightedPoints(coordinates: [0, 1, 250], dimension: 1)),
      under: MixtureModel(means: [240, 0.5, 0], variance: 0, dimension: 1),
      truncation: Truncation(2))
    #expect(posterior.components == [2, 1, 1, 2, 0, 1])
    #expect(posterior.responsibilities == [1, 0, 1, 0, 1, 0])
  }

  @Test func generalModelsFollowTheirCosts() throws {
    let flat = Self.coordinates(3)
    let points = (0..<Self.count).map { Array(flat[$0 * 3..<$0 * 3 + 3]) }
    // The third component is dead: it comes last, without a share.
    let model = try MixtureModel(
      means: Array(flat.prefix(12)), mixingWeights: [0.5, 0.2, 0, 0.3],
      variances: [0.01, 0.2, 0.1, 0.05], dimension: 3)
    let posterior = try TruncatedEM().posterior(
      of: PointTree(WeightedPoints(coordinates: flat, dimension: 3)),
      under: model,
      truncation: Truncation(4))
    let reference = GeneralReference(
      points, [Double](repeating: 1, count: Self.count), model)
    let kept = reference.kept(4)
    let shares = reference.expectation(kept).shares
    for n in 0..<Self.count {
      let found = posterior.components[4 * n..<4 * n + 4].map(Int.init)
      #expect(found == kept[n])
      #expect(found.last == 2)
      for (i, c) in found.enumerated() {
        let share = Double(posterior.responsibilities[4 * n + i])
        #expect(abs(share - shares[n][c]) < 1e-6)
      }
    }
  }

  @Test func pointsHaveTheirShares() throws {
    let posterior = try TruncatedEM().posterior(
      of: WeightedPoints(coordinates: Self.coordinates(2), dimension: 2),
      under: MixtureModel(
        means: Array(Self.coordinates(2).prefix(10)), variance: 0.05,
        dimension: 2), truncation: .soft(3))
    for n in 0..<posterior.count {
      let shares = posterior[n]
      #expect(shares.count == 3)
      #expect(shares.first?.component == Int(posterior.components[3 * n]))
      for (i, (component, responsibility)) in shares.enumerated() {
        #expect(component == Int(posterior.components[3 * n + i]))
        #expect(responsibility == posterior.responsibilities[3 * n + i])
      }
    }
  }

  @Test func threadsChangeNothing() throws {
    let tree = PointTree(
      try WeightedPoints(coordinates: Self.coordinates(3), dimension: 3))
    let model = try MixtureModel(
      means: Array(Self.coordinates(3).prefix(30)), variance: 0.1,
      dimension: 3)
    var options = FitOptions()
    let one = try TruncatedEM(options).posterior(
      of: tree, under: model, truncation: Truncation(3))
    options.threads = 4
    let four = try TruncatedEM(options).posterior(
      of: tree, under: model, truncation: Truncation(3))
    #expect(one.components == four.components)
    #expect(one.responsibilities == four.responsibilities)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let tree = PointTree(
      try WeightedPoints(coordinates: [0, 1], dimension: 1))
    let model = try MixtureModel(means: [0, 1], dimension: 2)
    #expect(throws: FitError.dimensionsDiffer(points: 1, model: 2)) {
      try TruncatedEM().posterior(of: tree, under: model, truncation: .hard)
    }
  }
}
