import Foundation
import TruncatedEM

/// The general mixture's equations of docs/theory.md, written as plainly as they stand
/// there and as slowly, without code in common with the engine.
struct GeneralReference {
  let points: [[Double]]
  let weights: [Double]
  var means: [[Double]]
  var mixingWeights: [Double]
  var variances: [Double]

  var total: Double { weights.reduce(0, +) }

  /// The parameters of a model.
  init(_ points: [[Double]], _ weights: [Double], _ model: MixtureModel) {
    self.points = points
    self.weights = weights
    means = model.rows
    let count = means.count
    mixingWeights =
      model.mixingWeights
      ?? [Double](repeating: 1 / Double(count), count: count)
    variances =
      model.variances ?? [Double](repeating: model.variance, count: count)
  }

  /// What each component costs a point.
  func costs(_ point: [Double]) -> [Double] {
    means.indices.map { c in
      -log(mixingWeights[c])
        + Double(point.count) / 2 * log(2 * .pi * variances[c])
        + ReferenceMixture.squaredDistance(point, means[c])
        / (2 * variances[c])
    }
  }

  /// K_n for every point: the C' of least cost, the lower number where equal.
  func kept(_ truncation: Int) -> [[Int]] {
    points.map { point in
      let costs = costs(point)
      return Array(
        means.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
          .prefix(truncation))
    }
  }

  /// F per unit of weight, and the responsibilities.
  func expectation(
    _ kept: [[Int]]
  ) -> (freeEnergy: Double, shares: [[Double]]) {
    var sum = 0.0
    var shares: [[Double]] = []
    for (n, kept) in kept.enumerated() {
      let costs = costs(points[n])
      let least = kept.map { costs[$0] }.min() ?? 0
      let density = kept.map { exp(least - costs[$0]) }.reduce(0, +)
      sum += weights[n] * (log(density) - least)
      var row = [Double](repeating: 0, count: means.count)
      for c in kept { row[c] = weights[n] * exp(least - costs[c]) / density }
      shares.append(row)
    }
    return (sum / total, shares)
  }

  /// The M-step.
  mutating func maximize(
    _ shares: [[Double]], _ options: FitOptions, floor: Double
  ) {
    let dimension = Double(points[0].count)
    var residual = 0.0
    for c in means.indices {
      let weight = shares.map { $0[c] }.reduce(0, +)
      if options.mixingWeights == .learned { mixingWeights[c] = weight / total }
      guard weight > 0 else { continue }
      means[c] = means[c].indices.map { d in
        zip(shares, points).map { $0[c] * $1[d] }.reduce(0, +) / weight
      }
      let scatter = zip(shares, points).map {
        $0[c] * ReferenceMixture.squaredDistance($1, means[c])
      }.reduce(0, +)
      residual += scatter
      if options.covariance == .spherical {
        variances[c] = max(floor, scatter / (dimension * weight))
      }
    }
    if options.covariance == .tied {
      let variance = max(floor, residual / (dimension * total))
      variances = variances.map { _ in variance }
    }
  }
}
