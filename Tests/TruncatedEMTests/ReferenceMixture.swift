import Foundation
import TruncatedEM

/// The equations of docs/theory.md, written as plainly as they stand there and
/// as slowly: arrays of arrays, every distance, no shared code with the engine.
struct ReferenceMixture {
  let points: [[Double]]
  let weights: [Double]
  var means: [[Double]]
  var variance: Double

  var total: Double { weights.reduce(0, +) }
  var dimension: Double { Double(points[0].count) }

  static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
  }

  /// K_n for every point: the C' closest, the lower number where equal.
  func nearest(_ truncation: Int) -> [[Int]] {
    points.map { point in
      means.indices.sorted { a, b in
        let (da, db) = (
          Self.squaredDistance(point, means[a]),
          Self.squaredDistance(point, means[b])
        )
        return (da, a) < (db, b)
      }.prefix(truncation).map { $0 }
    }
  }

  /// F per unit of weight for any K_n.
  func freeEnergy(_ kept: [[Int]]) -> Double {
    var sum = 0.0
    for (n, kept) in kept.enumerated() {
      let exponents = kept.map {
        -Self.squaredDistance(points[n], means[$0]) / (2 * variance)
      }
      let largest = exponents.max() ?? 0
      sum +=
        weights[n]
        * (largest + log(exponents.map { exp($0 - largest) }.reduce(0, +)))
    }
    let constant =
      -log(Double(means.count)) - dimension / 2 * log(2 * .pi * variance)
    return constant + sum / total
  }

  func responsibilities(_ kept: [[Int]]) -> [[Int: Double]] {
    kept.enumerated().map { n, kept in
      let least =
        kept.map { Self.squaredDistance(points[n], means[$0]) }.min() ?? 0
      let values = kept.map {
        exp(
          (least - Self.squaredDistance(points[n], means[$0])) / (2 * variance))
      }
      let sum = values.reduce(0, +)
      return Dictionary(
        uniqueKeysWithValues: zip(kept, values.map { $0 / sum }))
    }
  }

  /// The M-step.
  mutating func maximize(_ kept: [[Int]]) {
    let q = responsibilities(kept)
    for c in means.indices {
      let shares = points.indices.map { weights[$0] * (q[$0][c] ?? 0) }
      let weight = shares.reduce(0, +)
      guard weight > 0 else { continue }
      means[c] = means[c].indices.map { d in
        zip(shares, points).map { $0 * $1[d] }.reduce(0, +) / weight
      }
    }
    variance = scatter(q) / (dimension * total)
  }

  /// Σ_n w_n Σ_c q_n(c) |y_n − μ_c|².
  func scatter(_ q: [[Int: Double]]) -> Double {
    var sum = 0.0
    for (n, q) in q.enumerated() {
      for (c, share) in q {
        sum += weights[n] * share * Self.squaredDistance(points[n], means[c])
      }
    }
    return sum
  }

  /// J with every point at its nearest mean.
  var inertia: Double {
    zip(points, weights).map { point, weight in
      weight * (means.map { Self.squaredDistance(point, $0) }.min() ?? 0)
    }.reduce(0, +)
  }
}

/// Random data that are the same in every run.
struct TestData {
  var state: UInt64

  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 33) / Double(UInt64(1) << 31)
  }

  /// Points in 0..<scale.
  mutating func points(
    _ count: Int, dimension: Int, scale: Double = 1
  ) -> [[Double]] {
    (0..<count).map { _ in (0..<dimension).map { _ in scale * unit() } }
  }

  /// Whole weights from 1 to `most`.
  mutating func weights(_ count: Int, most: Int) -> [Double] {
    (0..<count).map { _ in 1 + (unit() * Double(most)).rounded(.down) }
  }
}

extension WeightedPoints {
  init(_ points: [[Double]], _ weights: [Double]? = nil) throws(FitError) {
    try self.init(
      coordinates: points.flatMap { $0 }, weights: weights,
      dimension: points.first?.count ?? 0)
  }
}

extension MixtureModel {
  init(_ means: [[Double]], variance: Double = 0) throws(FitError) {
    try self.init(
      means: means.flatMap { $0 }, variance: variance,
      dimension: means.first?.count ?? 0)
  }

  /// The means as rows.
  var rows: [[Double]] { (0..<components).map { Array(mean($0)) } }
}
