import Testing
import TruncatedEM

/// The pruned E-step against every distance computed.
@Suite struct PointTreeTests {
  private struct Case: CustomTestStringConvertible {
    let testDescription: String
    let points: [[Double]]
    let weights: [Double]
    let means: [[Double]]
  }

  /// Data that are meant to be awkward.
  private static let cases: [Case] = {
    var data = TestData(state: 11)
    var cases: [Case] = []
    func add(_ name: String, _ points: [[Double]], _ means: [[Double]]) {
      let weights = data.weights(points.count, most: 30)
      cases.append(
        Case(
          testDescription: name, points: points, weights: weights,
          means: means))
    }
    func whole(_ rows: [[Double]]) -> [[Double]] {
      rows.map { $0.map { $0.rounded(.down) } }
    }
    for dimension in 1...6 {
      add(
        "random, D = \(dimension)", data.points(700, dimension: dimension),
        data.points(40, dimension: dimension))
    }
    add(
      "whole colours, many ties",
      whole(data.points(900, dimension: 3, scale: 12)),
      whole(data.points(60, dimension: 3, scale: 12)))
    let duplicated = data.points(10, dimension: 3, scale: 255)
    add(
      "duplicate centres", data.points(500, dimension: 3, scale: 255),
      duplicated + duplicated + duplicated)
    add(
      "centres outside the cube", data.points(500, dimension: 3, scale: 255),
      data.points(30, dimension: 3, scale: 2_000).map { $0.map { $0 - 900 } })
    add("one point", [[1, 2, 3]], data.points(20, dimension: 3, scale: 5))
    add(
      "all points equal", [[Double]](repeating: [4, 5, 6], count: 300),
      data.points(20, dimension: 3, scale: 9))
    add(
      "more centres than points", data.points(25, dimension: 3),
      data.points(60, dimension: 3))
    let line = (0..<400).map { n -> [Double] in [Double(n), 0, 0] }
    let onLine = (0..<20).map { c -> [Double] in [Double(c * 20) + 0.5, 0, 0] }
    add("points on a line", line, onLine)
    let corners = (0..<27).map { c -> [Double] in
      let (x, y, z) = (c % 3, c / 3 % 3, c / 9)
      return [Double(x) * 32, Double(y) * 32, Double(z) * 32]
    }
    add(
      "centres at the corners of boxes",
      whole(data.points(800, dimension: 3, scale: 64)), corners)
    add(
      "far from the origin",
      data.points(300, dimension: 2).map { $0.map { $0 + 1e6 } },
      data.points(25, dimension: 2).map { $0.map { $0 + 1e6 } })
    add(
      "negative coordinates",
      data.points(400, dimension: 3).map { $0.map { $0 - 0.5 } },
      data.points(25, dimension: 3).map { $0.map { $0 - 0.5 } })
    return cases
  }()

  @Test(arguments: cases)
  private func nearestIsTheNearest(_ data: Case) throws {
    let nearest = try TruncatedEM().nearestComponents(
      to: PointTree(try WeightedPoints(data.points, data.weights)),
      in: try MixtureModel(data.means))
    let reference = ReferenceMixture(
      points: data.points, weights: data.weights, means: data.means,
      variance: 1)
    #expect(nearest.map(Int.init) == reference.nearest(1).map { $0[0] })
  }

  @Test(arguments: cases)
  private func everyTruncationSharesAmongTheNearest(_ data: Case) throws {
    let components = data.means.count
    for truncation in [1, 2, 3, 5, 8, 9, 17, components]
    where truncation <= components {
      var options = FitOptions()
      options.maximumIterations = 1
      options.tolerance = 0
      options.emptyComponents = .keep
      let fit = try TruncatedEM(options).fit(
        try WeightedPoints(data.points, data.weights),
        from: try MixtureModel(data.means),
        truncation: Truncation(truncation))
      let step = fit.iterations[0]
      var reference = ReferenceMixture(
        points: data.points, weights: data.weights, means: data.means,
        variance: step.variance)
      let kept = reference.nearest(truncation)
      #expect(
        agree(
          step.inertia, reference.inertia / reference.total, within: 1e-11))
      #expect(
        agree(step.freeEnergy, reference.freeEnergy(kept), within: 1e-10))
      reference.maximize(kept)
      for (mean, row) in zip(fit.model.rows, reference.means) {
        for (a, b) in zip(mean, row) { #expect(agree(a, b, within: 1e-10)) }
      }
      #expect(
        agree(fit.model.variance, max(reference.variance, 1e-12), within: 1e-9))
    }
  }

  @Test func pointsComeInAnyOrder() throws {
    var data = TestData(state: 12)
    let rows = data.points(1_000, dimension: 3, scale: 255)
    let tree = PointTree(try WeightedPoints(rows))
    let order = try #require(tree.order)
    #expect(order.sorted() == Array(0..<1_000))
    for (n, old) in order.enumerated() {
      #expect(tree.points.coordinates(ofPoint: n) == rows[old])
    }
    // In the order of the tree they stay as they are.
    let again = PointTree(tree.points)
    #expect(again.order == nil)
  }
}
