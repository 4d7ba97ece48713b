import ParallelWork
import Testing
import TruncatedEM

@Suite struct MeansSearchTests {
  private func inertia(
    _ tree: PointTree, _ model: MixtureModel
  ) throws -> Double {
    try TruncatedEM().evaluate(tree, under: model, truncation: .hard).inertia
  }

  private func search(
    _ tree: PointTree, _ components: Int, effort: Int, threads: Int = 1,
    seed: UInt64 = 0
  ) throws -> MixtureModel {
    MeansSearch(
      plan: SearchPlan(try Effort(effort)), workers: Workers(threads: threads)
    ).means(tree, components: components, seed: seed)
  }

  @Test func effortIsOneToTen() throws {
    #expect(try Effort(1).level == 1)
    #expect(try Effort(10).level == 10)
    for level in [-1, 0, 11] {
      #expect(throws: FitError.effort(level)) { try Effort(level) }
    }
  }

  /// Clusters far apart: any start that has two means in one cluster is a local
  /// optimum that Lloyd never leaves, and that the search must.
  @Test(arguments: 0..<12)
  func findsSeparateClusters(seed: UInt64) throws {
    var data = TestData(state: 100 + seed)
    var rows: [[Double]] = []
    for cluster in 0..<24 {
      let center = [
        Double(cluster % 3) * 100, Double(cluster / 3 % 3) * 100,
        Double(cluster / 9) * 100,
      ]
      // Some clusters have few points.
      for _ in 0..<(cluster % 4 == 0 ? 12 : 150) {
        rows.append(center.map { $0 + 10 * data.unit() })
      }
    }
    let tree = PointTree(try WeightedPoints(rows))
    let model = try search(tree, 24, effort: 4, seed: seed)
    // One mean a cluster: what is left is the spread within, 3 × 100/12.
    #expect(try inertia(tree, model) < 30)
  }

  @Test func moreEffortFindsBetterMeans() throws {
    var data = TestData(state: 5)
    let rows = data.points(6_000, dimension: 3, scale: 255).map {
      // Uneven density.
      [$0[0], $0[1] * $0[0] / 255, $0[2] * $0[2] / 255]
    }
    let tree = PointTree(try WeightedPoints(rows))
    let values = try [1, 4, 8].map { effort in
      let start = try search(tree, 40, effort: effort)
      let fit = try TruncatedEM().fit(tree, from: start, truncation: .hard)
      return try inertia(tree, fit.model)
    }
    #expect(values[1] < values[0])
    #expect(values[2] < values[1])
  }

  /// Each part of the search alone lowers J of points of uneven density.
  @Test(arguments: [8, 40, 300])
  func everyStageHelps(components: Int) throws {
    var data = TestData(state: 15)
    let rows = data.points(30_000, dimension: 3, scale: 255).map {
      [$0[0], $0[1] * $0[0] / 255, $0[2] * $0[2] * $0[0] / 65_025]
    }
    let tree = PointTree(try WeightedPoints(rows))
    func value(_ change: (inout SearchPlan) -> Void) throws -> Double {
      var plan = SearchPlan(.standard)
      plan.coarsePoints = 1_024
      plan.coarsePointsPerComponent = 8
      // So that there is something to improve.
      plan.draws = 1
      plan.lloydIterations = 1
      change(&plan)
      let search = MeansSearch(plan: plan, workers: Workers(threads: 2))
      return try inertia(
        tree, search.means(tree, components: components, seed: 3))
    }
    let all = try value { _ in }
    #expect(try value { $0.rounds = 0 } > all)
    #expect(try value { $0.finerIterations = 0 } > all)
    #expect(try value { $0.fineRounds = 10 } < all)
  }

  @Test(arguments: [1, 5, 7])
  func doesNotDependOnThreads(effort: Int) throws {
    var data = TestData(state: 6)
    let tree = PointTree(
      try WeightedPoints(
        data.points(20_000, dimension: 3), data.weights(20_000, most: 7)))
    let one = try search(tree, 30, effort: effort)
    #expect(try search(tree, 30, effort: effort, threads: 2) == one)
    #expect(try search(tree, 30, effort: effort, threads: 5) == one)
    #expect(try search(tree, 30, effort: effort, seed: 1) != one)
  }

  @Test(arguments: [1, 5, 10])
  func degenerateDataHaveMeans(effort: Int) throws {
    var data = TestData(state: 7)
    let sets: [[[Double]]] = [
      [[3, 4, 5]], [[Double]](repeating: [7, 7, 7], count: 40),
      [[0, 0, 0], [255, 255, 255]], data.points(9, dimension: 3),
      (0..<500).map { [Double($0 % 2), 0, 0] },
    ]
    for rows in sets {
      let tree = PointTree(try WeightedPoints(rows))
      for components in [1, 2, 3, 8, 20] {
        let model = try search(tree, components, effort: effort)
        #expect(model.components == components)
        #expect(model.means.allSatisfy { $0.isFinite })
        if components >= Set(rows).count {
          #expect(try inertia(tree, model) < 1e-12)
        }
      }
    }
  }

  @Test func pointsWithoutWeightDoNoHarm() throws {
    var data = TestData(state: 8)
    let rows = data.points(3_000, dimension: 3)
    let weights = rows.map { $0[0] < 0.5 ? 0 : 1.0 }
    let tree = PointTree(try WeightedPoints(rows, weights))
    for effort in [1, 5, 9] {
      let model = try search(tree, 10, effort: effort)
      #expect(model.rows.allSatisfy { $0[0] > 0.49 })
    }
  }
}
