import Testing
import TruncatedEM

/// Means that stay.
@Suite struct PinnedTests {
  private static let pinned = [[300.0, -20, 10], [100, 100, 100]]

  private func tree() throws -> (rows: [[Double]], tree: PointTree) {
    var data = TestData(state: 31)
    let rows = data.points(900, dimension: 3, scale: 255)
    return (rows, PointTree(try WeightedPoints(rows)))
  }

  private func pinned() throws -> MixtureModel {
    try MixtureModel(
      means: Self.pinned.flatMap(\.self), dimension: 3, pinned: 2)
  }

  @Test(arguments: [1, 2, 12], [CovarianceType.tied, .spherical])
  func stayAndFreeEnergyRises(
    cprime: Int, variance: CovarianceType
  ) throws {
    let tree = try tree().tree
    var options = FitOptions()
    options.tolerance = 0
    options.maximumIterations = 25
    options.covariance = variance
    options.emptyComponents = .keep
    let fit = try TruncatedEM(options).fit(
      tree, components: 12, pinned: pinned(),
      truncation: Truncation(cprime), seed: 4)
    #expect(fit.model.pinned == 2)
    #expect(Array(fit.model.rows.prefix(2)) == Self.pinned)
    #expect(fit.iterations.count + fit.rejectedSteps == 25)
    for (last, next) in zip(fit.iterations, fit.iterations.dropFirst()) {
      #expect(next.freeEnergy >= last.freeEnergy - 1e-12)
    }
  }

  /// Lloyd's algorithm written out, with two means that stay.
  @Test func othersMoveAsEver() throws {
    let (rows, tree) = try tree()
    var means = Self.pinned + [[10, 10, 10], [200, 30, 60], [90, 240, 250]]
    let start = try MixtureModel(
      means: means.flatMap(\.self), dimension: 3, pinned: 2)
    var options = FitOptions()
    options.tolerance = 0
    options.maximumIterations = 6
    let fit = try TruncatedEM(options).fit(tree, from: start, truncation: .hard)
    for _ in 0..<6 {
      var sums = means.map { _ in (count: 0.0, sum: [0.0, 0, 0]) }
      for row in rows {
        let distances = means.map { mean in
          zip(row, mean).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
        }
        let least = distances.min() ?? 0
        let nearest = distances.firstIndex(of: least) ?? 0
        sums[nearest].count += 1
        for d in 0..<3 { sums[nearest].sum[d] += row[d] }
      }
      for c in 2..<5 { means[c] = sums[c].sum.map { $0 / sums[c].count } }
    }
    for (mean, expected) in zip(fit.model.rows, means) {
      for (a, b) in zip(mean, expected) { #expect(agree(a, b, within: 1e-11)) }
    }
  }

  @Test func searchPlacesOthersAround() throws {
    // Two far clusters, one of them with a pinned mean: the other two means
    // have to share what is left.
    var data = TestData(state: 8)
    let rows = (0..<600).map { n in
      let center = [0.0, 1_000, 2_000][n % 3]
      return [center + data.unit(), data.unit(), data.unit()]
    }
    let tree = PointTree(try WeightedPoints(rows))
    let fit = try TruncatedEM().fit(
      tree, components: 3,
      pinned: MixtureModel(
        means: [1_000.5, 0.5, 0.5], dimension: 3, pinned: 1),
      truncation: .hard)
    #expect(fit.model.rows[0] == [1_000.5, 0.5, 0.5])
    let others = fit.model.rows.dropFirst().map { $0[0] }.sorted()
    #expect(abs(others[0] - 0.5) < 0.2)
    #expect(abs(others[1] - 2_000.5) < 0.2)
  }

  @Test func areNotMoreThanComponents() throws {
    let tree = try tree().tree
    #expect(throws: FitError.pinned(2, components: 1)) {
      try TruncatedEM().fit(
        tree, components: 1, pinned: pinned(), truncation: .hard)
    }
    #expect(throws: FitError.pinned(3, components: 2)) {
      try MixtureModel(
        means: Self.pinned.flatMap(\.self), dimension: 3, pinned: 3)
    }
    // All of them pinned is a model that no iteration changes.
    let fit = try TruncatedEM().fit(
      tree, components: 2, pinned: pinned(), truncation: .hard)
    #expect(fit.model.rows == Self.pinned)
  }

  @Test func aloneAreTriedWhereThatIsAskedFor() throws {
    // All points are where the pinned mean is, so no other is worth having.
    var data = TestData(state: 3)
    let rows = (0..<200).map { _ in [data.unit(), data.unit(), data.unit()] }
    let tree = PointTree(try WeightedPoints(rows))
    var selection = SelectionOptions()
    selection.most = 6
    selection.pinned = try MixtureModel(
      means: [0.5, 0.5, 0.5], dimension: 3, pinned: 1)
    let engine = try TruncatedEM()
    let least = { (selection: SelectionOptions) throws(FitError) in
      try engine.fit(tree, choosing: selection).candidates.map(\.components)
        .min()
    }
    #expect(try least(selection) == 2)
    selection.triesPinnedAlone = true
    #expect(try least(selection) == 1)
    let fit = try engine.fit(tree, choosing: selection).fit
    #expect(fit.model.rows == [[0.5, 0.5, 0.5]])
    selection.most = 1
    #expect(try least(selection) == 1)
  }
}
