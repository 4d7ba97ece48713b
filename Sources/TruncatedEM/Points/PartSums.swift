/// The sums of a part of a tree.
struct PartSums: Sendable {
  /// Its points.
  var range: Range<Int>

  /// Σ w.
  var weight = 0.0

  /// Σ w |y − mean|².
  var scatter = 0.0

  /// Its mean, D numbers.
  var mean: [Double]

  /// A part whose sums are not yet known.
  init(_ range: Range<Int>, dimension: Int) {
    self.range = range
    mean = [Double](repeating: 0, count: dimension)
  }

  /// Adds the part that follows.
  mutating func add(_ other: PartSums) {
    range = range.lowerBound..<other.range.upperBound
    let total = weight + other.weight
    scatter += other.scatter
    if total > 0 {
      let share = other.weight / total
      for d in mean.indices {
        let difference = other.mean[d] - mean[d]
        scatter += weight * share * difference * difference
        mean[d] += share * difference
      }
    }
    weight = total
  }

  /// The number of the highest bit in which two keys differ, from 1; 0 where
  /// they are equal.
  @inline(__always)
  static func bit(_ first: UInt64, _ second: UInt64) -> Int {
    64 - (first ^ second).leadingZeroBitCount
  }
}

extension PointDimension {
  func measure(
    _ part: inout PartSums, of points: UnsafePoints,
    keys: UnsafeBufferPointer<UInt64>,
    into scatters: UnsafeMutablePointer<Double>
  ) {
    // Parts that are complete, from left to right: each is cut off in a lower
    // bit than the one before it, so there are at most 65.
    let most = 66
    let width = count + 2
    withUnsafeTemporaryAllocation(of: Double.self, capacity: most * width) {
      rows in
      withUnsafeTemporaryAllocation(
        of: (start: Int, bit: Int).self, capacity: most
      ) { parts in
        var top = -1
        /// Joins the last part to the one before.
        func join() {
          let first = (top - 1) * width
          let second = first + width
          let weight = rows[first] + rows[second]
          var scatter = rows[first + 1] + rows[second + 1]
          if weight > 0 {
            let share = rows[second] / weight
            let reduced = rows[first] * share
            for d in 2..<width {
              let difference = rows[second + d] - rows[first + d]
              scatter += reduced * difference * difference
              rows[first + d] += share * difference
            }
          }
          rows[first] = weight
          rows[first + 1] = scatter
          scatters[parts[top].start] = scatter
          top -= 1
        }
        for n in part.range {
          let bit =
            n == part.range.lowerBound ? 64 : PartSums.bit(keys[n - 1], keys[n])
          while top > 0, parts[top].bit <= bit { join() }
          top += 1
          parts[top] = (n, bit)
          let row = top * width
          rows[row] = points.weights[n]
          rows[row + 1] = 0
          for d in 0..<count { rows[row + 2 + d] = points.coordinate(n, d) }
        }
        while top > 0 { join() }
        part.weight = rows[0]
        part.scatter = rows[1]
        for d in 0..<count { part.mean[d] = rows[2 + d] }
      }
    }
  }
}
