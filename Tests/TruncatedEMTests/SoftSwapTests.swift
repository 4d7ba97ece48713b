import Testing
import TruncatedEM

/// Swaps that raise F at C' > 1.
@Suite struct SoftSwapTests {
  /// Round clusters at given places.
  private func clusters(
    _ centers: [[Double]], each: Int, spread: Double, seed: UInt64 = 2
  ) throws -> PointTree {
    var data = TestData(state: seed)
    let rows = centers.flatMap { center in
      (0..<each).map { _ in
        // A sum of four is nearly normal.
        center.map { x in
          x + spread
            * (0..<4).reduce(0) { sum, _ in sum + data.unit() - 0.5 }
        }
      }
    }
    return PointTree(try WeightedPoints(rows))
  }

  private func engine(effort: Int = 5) throws -> TruncatedEM {
    var options = FitOptions()
    options.effort = try Effort(effort)
    options.tolerance = 1e-7
    return try TruncatedEM(options)
  }

  /// Nine clusters, of which one has three means and two others share one: no
  /// iterations get out of there, two swaps do.
  @Test(arguments: [2, 3, 9])
  func findsWhatIterationsCannot(cprime: Int) throws {
    let centers = (0..<9).map { [Double($0 % 3) * 20, Double($0 / 3) * 20] }
    let tree = try clusters(centers, each: 200, spread: 2)
    var means = centers.dropFirst(3).flatMap { $0 }
    // Three for the first cluster, none for the second and third.
    means += [-1, 0, 1, 0, 0, 1]
    let start = try MixtureModel(means: means, dimension: 2)
    let truncation = Truncation(cprime)
    let plain = try engine().fit(tree, from: start, truncation: truncation)
    let found = try engine().fit(tree, found: start, truncation: truncation)
    let ideal = try engine().fit(
      tree, from: try MixtureModel(means: centers.flatMap { $0 }, dimension: 2),
      truncation: truncation)
    let (low, high, best) = (
      try #require(plain.iterations.last?.freeEnergy),
      try #require(found.iterations.last?.freeEnergy),
      try #require(ideal.iterations.last?.freeEnergy)
    )
    #expect(low < best - 0.1)
    #expect(abs(high - best) < 1e-5)
  }

  /// What is pinned is neither removed nor moved.
  @Test func pinnedMeansStay() throws {
    let centers = (0..<6).map { [Double($0) * 30, 0] }
    let tree = try clusters(centers, each: 100, spread: 2)
    let pinned = try MixtureModel(
      means: [0.5, 0.5, 1, -1, 0, 0, 30, 0, 61, 0, 90, 0], dimension: 2,
      pinned: 3)
    let fit = try engine().fit(tree, found: pinned, truncation: .soft(2))
    #expect(Array(fit.model.means.prefix(6)) == Array(pinned.means.prefix(6)))
    #expect(fit.model.pinned == 3)
  }

  /// More effort never ends much lower, and both reach F of a long plain fit.
  @Test func reachesLongPlainFits() throws {
    var data = TestData(state: 12)
    let rows = data.points(20_000, dimension: 3, scale: 255).map {
      [$0[0], $0[1] * $0[0] / 255, $0[2] * $0[2] / 255]
    }
    let tree = PointTree(try WeightedPoints(rows))
    let start = try engine().initialMeans(for: tree, components: 24)
    var long = FitOptions()
    long.maximumIterations = 600
    long.tolerance = 0
    let plain = try TruncatedEM(long).fit(
      tree, from: start, truncation: .soft(3))
    let goal = try #require(plain.iterations.last?.freeEnergy)
    for effort in [5, 7] {
      let fit = try engine(effort: effort).fit(
        tree, found: start, truncation: .soft(3))
      let value = try #require(fit.iterations.last?.freeEnergy)
      #expect(value > goal - 0.002)
    }
  }
}
