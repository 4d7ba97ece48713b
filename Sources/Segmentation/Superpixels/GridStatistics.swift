/// What the M-step of a ``GridMixture`` needs of each component: its share of
/// the pixels and the sums of their coordinates.
package struct GridStatistics: Sendable {
  /// The numbers of a component: its weight, L*, a*, b*, x and y.
  package static let width = 6

  /// `width` numbers for each component, the first of which is `first`.
  package var sums: [Double]

  /// The number of the first component.
  package let first: Int

  /// The sum over pixels of log Σ exp(−d/2σ²) where C' > 1, of nothing else.
  package var logShares = 0.0

  /// Nothing yet.
  package init(first: Int, count: Int) {
    self.first = first
    sums = [Double](repeating: 0, count: count * Self.width)
  }

  /// Adds what a part of the image gave.
  package mutating func add(_ part: GridStatistics) {
    let from = (part.first - first) * Self.width
    for i in part.sums.indices { sums[from + i] += part.sums[i] }
    logShares += part.logShares
  }
}
