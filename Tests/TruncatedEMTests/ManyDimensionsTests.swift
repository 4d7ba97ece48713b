import Foundation
import Testing
import TruncatedEM

/// E-steps in many dimensions, where balls of points and costs in single
/// precision drop components, against all costs of all points: whatever the
/// points are like, what is dropped has no part in the result.
@Suite struct ManyDimensionsTests {
  enum Layout: String, CaseIterable {
    case clusters, noise, farFromZero, twice, wide
  }

  struct Sample {
    var rows: [[Double]] = []
    var weights: [Double] = []
    var means: [[Double]] = []
    let variances: [Double]
    let mixing: [Double]

    init(_ layout: Layout, dimension: Int, components: Int) {
      var random = TestData(state: UInt64(dimension))
      let centres = random.points(20, dimension: dimension, scale: 100)
      var places = random.points(1_500, dimension: dimension, scale: 8)
      var starts = random.points(components, dimension: dimension, scale: 8)
      switch layout {
      case .clusters:
        for n in places.indices { Self.move(&places[n], by: centres[n % 20]) }
        for c in starts.indices { Self.move(&starts[c], by: centres[c % 20]) }
      case .noise:
        break
      case .farFromZero:
        let far = [Double](repeating: 3e8, count: dimension)
        for n in places.indices { Self.move(&places[n], by: far) }
        for c in starts.indices { Self.move(&starts[c], by: far) }
      case .twice:
        // Equal points, and components at the same place.
        for n in places.indices { places[n] = places[n % 90] }
        for c in starts.indices { starts[c] = starts[c / 2] }
      case .wide:
        // Beyond what single precision has.
        places = places.map { $0.map { $0 * 1e60 } }
        starts = starts.map { $0.map { $0 * 1e60 } }
      }
      rows = places
      means = starts
      weights = random.weights(rows.count, most: 5)
      // As large as the components are far apart, and much smaller.
      let scale = layout == .wide ? 1e120 : 1
      variances = (0..<components).map {
        scale * ($0 % 5 == 0 ? 0.02 : Double(1 + $0 % 7))
      }
      let shares = (0..<components).map { $0 % 11 == 3 ? 0.0 : Double(1 + $0) }
      mixing = shares.map { $0 / shares.reduce(0, +) }
    }

    private static func move(_ point: inout [Double], by step: [Double]) {
      for d in point.indices { point[d] += step[d] }
    }

    /// The sums of an E-step: a row a component, and F. `costs` are those of a
    /// point and a component.
    func statistics(
      _ truncation: Int, costs: (_ squaredDistance: Double, _ c: Int) -> Double
    ) -> (rows: [[Double]], freeEnergy: Double) {
      let dimension = rows[0].count
      var sums = [[Double]](
        repeating: [Double](repeating: 0, count: dimension + 2),
        count: means.count)
      var energy = 0.0
      for (point, weight) in zip(rows, weights) {
        let distances = means.map { mean in
          zip(point, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        let prices = distances.enumerated().map { costs($1, $0) }
        let kept = means.indices.sorted { (prices[$0], $0) < (prices[$1], $1) }
          .prefix(truncation).filter { prices[$0] < .infinity }
        let least = prices[kept[0]]
        let shares = kept.map { exp(least - prices[$0]) }
        let total = shares.reduce(0, +)
        energy += weight * (log(total) - least)
        for (c, share) in zip(kept, shares) {
          let part = weight * share / total
          sums[c][0] += part
          sums[c][1] += part * distances[c]
          for d in 0..<dimension { sums[c][2 + d] += part * point[d] }
        }
      }
      return (sums, energy)
    }
  }

  static let truncations = [1, 2, 3, 8, 9]

  @Test(arguments: Layout.allCases, [7, 16, 33])
  func spheresOfOneSize(_ layout: Layout, _ dimension: Int) throws {
    let sample = Sample(layout, dimension: dimension, components: 60)
    let variance = layout == .wide ? 4e120 : 4.0
    let model = try MixtureModel(sample.means, variance: variance)
    let constant = log(60.0) + Double(dimension) / 2 * log(2 * .pi * variance)
    for truncation in Self.truncations {
      try check(sample, model, truncation) { squared, _ in
        constant + squared / (2 * variance)
      }
    }
  }

  @Test(arguments: Layout.allCases, [7, 16, 33])
  func generalComponents(_ layout: Layout, _ dimension: Int) throws {
    let sample = Sample(layout, dimension: dimension, components: 60)
    let model = try MixtureModel(
      means: sample.means.flatMap(\.self), mixingWeights: sample.mixing,
      variances: sample.variances, dimension: dimension)
    for truncation in Self.truncations {
      try check(sample, model, truncation) { squared, c in
        let variance = sample.variances[c]
        return -log(sample.mixing[c])
          + Double(dimension) / 2 * log(2 * .pi * variance)
          + squared / (2 * variance)
      }
    }
  }

  private func check(
    _ sample: Sample, _ model: MixtureModel, _ truncation: Int,
    _ costs: (Double, Int) -> Double
  ) throws {
    let tree = PointTree(try WeightedPoints(sample.rows, sample.weights))
    let engine = try TruncatedEM()
    let found = try engine.statistics(
      of: tree, under: model, truncation: .soft(truncation)
    ).numbers
    let (rows, energy) = sample.statistics(truncation, costs: costs)
    #expect(agree(found[0], energy, within: 1e-11))
    let width = sample.rows[0].count + 2
    for (c, row) in rows.enumerated() {
      let ours = found[4 + c * width..<4 + (c + 1) * width]
      for (a, b) in zip(ours, row) {
        // Sums of weights and places cancel; their size is that of the terms.
        let size = row.reduce(0) { max($0, abs($1)) }
        #expect(abs(a - b) <= 1e-9 * size)
      }
    }
    let posterior = try engine.posterior(
      of: tree, under: model, truncation: .soft(truncation))
    var weights = [Double](repeating: 0, count: rows.count)
    for n in sample.rows.indices {
      for (component, responsibility) in posterior[n] {
        weights[component] += sample.weights[n] * Double(responsibility)
      }
    }
    for (c, row) in rows.enumerated() {
      #expect(abs(weights[c] - row[0]) <= 1e-4 * max(1, row[0]))
    }
  }

}
