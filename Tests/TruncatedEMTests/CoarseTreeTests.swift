import ParallelWork
import Testing
import TruncatedEM

/// Boxes that stand for points.
@Suite struct CoarseTreeTests {
  /// The weight, the mean and the scatter about it.
  private func moments(
    _ tree: PointTree
  ) -> (weight: Double, mean: [Double], scatter: Double) {
    let points = tree.points
    var mean = [Double](repeating: 0, count: points.dimension)
    var weight = 0.0
    for n in 0..<points.count {
      weight += points.weight(ofPoint: n)
      for (d, x) in points.coordinates(ofPoint: n).enumerated() {
        mean[d] += points.weight(ofPoint: n) * x
      }
    }
    for d in mean.indices { mean[d] /= weight }
    var scatter = 0.0
    for n in 0..<points.count {
      for (d, x) in points.coordinates(ofPoint: n).enumerated() {
        scatter +=
          points.weight(ofPoint: n) * (x - mean[d]) * (x - mean[d])
      }
    }
    return (weight, mean, scatter)
  }

  private func values(_ tree: PointTree) -> [[Double]] {
    (0..<tree.points.count).map {
      tree.points.coordinates(ofPoint: $0) + [tree.points.weight(ofPoint: $0)]
    }
  }

  /// Half of the weight in a small clump, the rest spread widely.
  private func uneven(_ dimension: Int) throws -> PointTree {
    var data = TestData(state: UInt64(40 + dimension))
    let rows = data.points(24_000, dimension: dimension, scale: 255)
      .enumerated().map { n, row in
        n % 2 == 0 ? row : row.map { 100 + $0 / 40 }
      }
    return PointTree(
      try WeightedPoints(rows, data.weights(rows.count, most: 9)))
  }

  @Test(arguments: [1, 2, 3, 6, 9], [1, 2, 100, 1_500])
  func standForAllPoints(dimension: Int, most: Int) throws {
    let tree = try uneven(dimension)
    let coarse = tree.coarsened(to: most, workers: Workers(threads: 2))
    #expect((1...most).contains(coarse.points.count))
    let (all, boxes) = (moments(tree), moments(coarse))
    #expect(abs(boxes.weight - all.weight) < 1e-9 * all.weight)
    for (x, y) in zip(boxes.mean, all.mean) { #expect(abs(x - y) < 1e-8) }
    #expect(boxes.scatter <= all.scatter * (1 + 1e-12))
  }

  @Test func theyUseWhatTheyMay() throws {
    let tree = try uneven(3)
    for most in [64, 500, 4_000] {
      let coarse = tree.coarsened(to: most, workers: Workers(threads: 1))
      #expect(coarse.points.count > most * 8 / 10)
    }
    let same = tree.coarsened(
      to: tree.points.count, workers: Workers(threads: 1))
    #expect(same.points.count == tree.points.count)
  }

  /// Boxes of one size would leave the clump, where half the weight is, in a
  /// few boxes, or need as many boxes as there are points.
  @Test func littleScatterIsLostWithin() throws {
    let tree = try uneven(3)
    let coarse = tree.coarsened(to: 2_000, workers: Workers(threads: 1))
    let share = moments(coarse).scatter / moments(tree).scatter
    #expect(share > 0.985)
    let clump = (0..<coarse.points.count).count { n in
      coarse.points.coordinates(ofPoint: n).allSatisfy {
        (100...107).contains($0)
      }
    }
    #expect(clump > 0)
    #expect(clump < coarse.points.count / 2)
  }

  @Test(arguments: [3, 9])
  func doNotDependOnThreads(dimension: Int) throws {
    let tree = try uneven(dimension)
    let one = tree.coarsened(to: 777, workers: Workers(threads: 1))
    for threads in [2, 7] {
      let other = tree.coarsened(to: 777, workers: Workers(threads: threads))
      #expect(values(other) == values(one))
    }
  }

  @Test func pointsWithoutWeightHaveAPlace() throws {
    var data = TestData(state: 77)
    let rows = data.points(3_000, dimension: 3)
    let weights = rows.map { $0[0] < 0.5 ? 0 : 1.0 }
    let tree = PointTree(try WeightedPoints(rows, weights))
    let coarse = tree.coarsened(to: 200, workers: Workers(threads: 1))
    #expect(values(coarse).joined().allSatisfy { $0.isFinite })
    #expect(coarse.points.totalWeight == tree.points.totalWeight)
  }
}
