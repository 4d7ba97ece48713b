import TruncatedEM

/// Partial E-steps written as plainly as docs/guides/partial-e-step.md states
/// them: every neighbourhood and every candidate in full.
struct ReferenceNeighbourhoods {
  var mixture: ReferenceMixture
  let truncation: Int
  let size: Int

  /// K_n, nearest first.
  private(set) var kept: [[Int]] = []

  init(_ mixture: ReferenceMixture, truncation: Int, size: Int) {
    self.mixture = mixture
    self.truncation = truncation
    self.size = size
  }

  /// The E-step; the first is exact.
  mutating func expect() {
    guard !kept.isEmpty else {
      kept = mixture.nearest(truncation)
      return
    }
    let means = mixture.means
    let neighbourhoods = means.indices.map { c in
      [c]
        + Self.sorted(means.indices.filter { $0 != c }, near: means[c], means)
        .prefix(size - 1)
    }
    kept = zip(mixture.points, kept).map { point, kept in
      let candidates = Set(kept.flatMap { neighbourhoods[$0] })
      return Array(
        Self.sorted(Array(candidates), near: point, means).prefix(truncation))
    }
  }

  /// J of K_n, per unit of weight.
  var inertia: Double {
    var sum = 0.0
    for (n, kept) in kept.enumerated() {
      sum +=
        mixture.weights[n]
        * ReferenceMixture.squaredDistance(
          mixture.points[n], mixture.means[kept[0]])
    }
    return sum / mixture.total
  }

  private static func sorted(
    _ numbers: [Int], near place: [Double], _ means: [[Double]]
  ) -> [Int] {
    numbers.map { (ReferenceMixture.squaredDistance(place, means[$0]), $0) }
      .sorted(by: <).map(\.1)
  }
}
