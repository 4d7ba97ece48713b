import CLibrary
package import ParallelWork

extension ColorHistogram {
  /// The directions in which extremes are looked for.
  private static let directions = 256

  /// The share of pixels that may lie beyond an extreme: specks are none.
  private static let beyond = 0.001

  /// Where a direction has less than this share of the longest reach, its end is noise.
  private static let leastReach = 0.15

  /// Colours less far out than this share of the way to the end do not count.
  private static let inner = 0.7

  /// Lets colours count by how far out they are, so that a mixture fitted to them has
  /// its means near the corners of the image's colours and not in their middle.
  ///
  /// With h(d) the end of the colours y in a direction d from their mean m, but for one
  /// pixel in a thousand, a colour reaches
  ///
  ///     e(y) = max_d (y − m)·d / h(d)
  ///
  /// of the way out, 1 at most, and counts ((e − 0.7)/0.3)⁴ times the root of its
  /// weight; nearly nothing where e is below 0.7.
  ///
  /// - Parameters:
  ///   - space: The working space.
  ///   - workers: The threads to use; the weights do not depend on them.
  /// - Complexity: O(colours × directions).
  package mutating func favorExtremes(
    in space: CompositeSpace, workers: Workers
  ) {
    guard !visible.isEmpty else { return }
    let points = visible.map { n in
      let color = color(n)
      return space.working.coordinates(
        ofEncoded: SIMD3(Double(color.x), Double(color.y), Double(color.z))
          / 65_535, in: space.gamut)
    }
    let own = visible.map(weight)
    let total = own.reduce(0, +)
    var mean = SIMD3<Double>.zero
    for (point, weight) in zip(points, own) { mean += weight / total * point }
    let directions = Self.sphere
    let reaches = workers.map(directions.count) { [mean] n in
      Self.reach(of: points, from: mean, along: directions[n], own, total)
    }
    let longest = reaches.max() ?? 0
    guard longest > 0 else { return }
    let ends = reaches.map { max($0, Self.leastReach * longest) }
    let pieces = max(1, min(256, points.count / 1_024))
    let parts = workers.map(pieces) { [mean] piece in
      (0..<points.count).piece(piece, of: pieces).map { n in
        let way = points[n] - mean
        var reach = 0.0
        for (direction, end) in zip(directions, ends) {
          reach = max(reach, (way * direction).sum() / end)
        }
        let outer = max(0, min(1, reach) - Self.inner) / (1 - Self.inner)
        let square = outer * outer
        return own[n].squareRoot() * max(1e-9, square * square)
      }
    }
    var weights = [Double](repeating: 0, count: count)
    for (n, weight) in zip(visible, parts.joined()) { weights[n] = weight }
    setWeights(weights)
  }

  /// Directions that cover the sphere evenly.
  private static var sphere: [SIMD3<Double>] {
    (0..<directions).map { n in
      let z = 1 - (2 * Double(n) + 1) / Double(directions)
      let angle = Double(n) * 2.399_963_229_728_653
      let radius = (1 - z * z).squareRoot()
      return SIMD3(radius * cos(angle), radius * sin(angle), z)
    }
  }

  /// How far colours reach in a direction, but for the share that may lie beyond.
  private static func reach(
    of points: [SIMD3<Double>], from mean: SIMD3<Double>,
    along direction: SIMD3<Double>, _ weights: [Double], _ total: Double
  ) -> Double {
    let ways = points.map { (($0 - mean) * direction).sum() }
    guard let most = ways.max(), most > 0 else { return 0 }
    let bins = 1_024
    var sums = [Double](repeating: 0, count: bins)
    for (way, weight) in zip(ways, weights) where way > 0 {
      sums[min(bins - 1, Int(way / most * Double(bins)))] += weight
    }
    var rest = beyond * total
    var bin = bins
    while bin > 1, rest >= sums[bin - 1] {
      bin -= 1
      rest -= sums[bin]
    }
    return most * Double(bin) / Double(bins)
  }
}
