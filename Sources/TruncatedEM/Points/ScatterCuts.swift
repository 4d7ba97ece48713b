import ParallelWork

/// Boxes of points that differ in size, so that none scatters much: where many
/// heavy points are, boxes are small.
///
/// The boxes are parts of the binary tree of the points' keys, which goes down
/// to single points. Of all its parts those with the largest scatter about
/// their mean are cut, as many as there may be. A part scatters no less than
/// what is below it, so what is left whole is one box after the other.
struct ScatterCuts: Sendable {
  /// For each point but the first the scatter of the part of the tree that is
  /// cut before it.
  private let scatters: [Double]

  /// Points that are worked on at once; not the number of threads, so that
  /// sums do not depend on it.
  private static let pointsInPiece = 16_384

  /// Measures all parts of a tree.
  ///
  /// - Complexity: O(points × dimension).
  init(of tree: PointTree, workers: Workers) {
    let points = tree.points
    let passes = points.passes
    let keys = tree.keys.keys
    let roots = tree.subtrees(ofAtMost: Self.pointsInPiece)
    var parts = roots.map { root in
      let node = tree.nodes[root]
      return PartSums(
        Int(node.start)..<Int(node.end), dimension: tree.dimension)
    }
    scatters = [Double](unsafeUninitializedCapacity: points.count) {
      scatters, count in
      let shared = SharedMemory(scatters)
      points.withUnsafePoints { points in
        keys.withUnsafeBufferPointer { keys in
          let keys = SharedSource(keys)
          _ = workers.map(&parts) { _, part in
            passes.measure(
              &part, of: points, keys: keys.buffer, into: shared.start)
          }
        }
      }
      Self.join(parts, keys: keys, into: scatters)
      scatters[0] = 0
      count = points.count
    }
  }

  /// Measures what is above the parts of which all are known.
  private static func join(
    _ parts: [PartSums], keys: [UInt64],
    into scatters: UnsafeMutableBufferPointer<Double>
  ) {
    var path: [PartSums] = []
    func joinLast() {
      let second = path.removeLast()
      var first = path.removeLast()
      first.add(second)
      scatters[second.range.lowerBound] = first.scatter
      path.append(first)
    }
    func bit(before start: Int) -> Int {
      start == 0 ? 64 : PartSums.bit(keys[start - 1], keys[start])
    }
    for part in parts {
      let cut = bit(before: part.range.lowerBound)
      while path.count > 1, let last = path.last,
        bit(before: last.range.lowerBound) <= cut
      { joinLast() }
      path.append(part)
    }
    while path.count > 1 { joinLast() }
  }

  /// Cuts the tree into boxes.
  ///
  /// - Parameter most: The most boxes, at least 1.
  /// - Returns: The place of the first point of each box.
  /// - Complexity: O(points).
  func starts(most: Int) -> [Int] {
    // The upper bits of a number that is not negative, its exponent and the
    // first bits of its fraction, are in the order of the numbers.
    func key(_ scatter: Double) -> Int {
      Int(truncatingIfNeeded: max(0, scatter).bitPattern >> 48)
    }
    var counts = [Int](repeating: 0, count: 1 << 15)
    return scatters.withUnsafeBufferPointer { scatters in
      counts.withUnsafeMutableBufferPointer { counts in
        for n in 1..<scatters.count { counts[key(scatters[n])] += 1 }
      }
      var boxes = 1
      var least = counts.count
      while least > 1, boxes + counts[least - 1] <= most {
        least -= 1
        boxes += counts[least]
      }
      let bound = Double(bitPattern: UInt64(least) << 48)
      var starts = [0]
      starts.reserveCapacity(boxes)
      for n in 1..<scatters.count where scatters[n] >= bound {
        starts.append(n)
      }
      return starts
    }
  }
}
