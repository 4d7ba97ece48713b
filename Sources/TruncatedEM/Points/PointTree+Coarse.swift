extension PointTree {
  /// Fewer points that stand for these: the means of boxes, each with the
  /// weight of the points in its box.
  ///
  /// The boxes are those of one level of the Z-order curve, all of the same
  /// size: the finest level with at most `most` occupied boxes. The k-means
  /// objective of the means differs from that of the points by the scatter
  /// within the boxes, which no assignment of whole boxes changes.
  ///
  /// - Parameter most: The most boxes, at least 1.
  /// - Returns: The tree of the means; itself where there are no more than
  ///   `most` points.
  /// - Complexity: O(points × dimension).
  func coarsened(to most: Int) -> PointTree {
    guard points.count > most else { return self }
    let starts = Self.boxStarts(of: keys.keys[...], most: most)
    let stride = WeightedPoints.padded(starts.count)
    var planes = [Double](repeating: 0, count: stride * dimension)
    var weights = [Double](repeating: 0, count: stride)
    for (box, start) in starts.enumerated() {
      let end = box + 1 < starts.count ? starts[box + 1] : points.count
      var weight = 0.0
      for n in start..<end { weight += points.weights[n] }
      weights[box] = weight
      for d in 0..<dimension {
        let plane = d * points.stride
        var sum = 0.0
        for n in start..<end {
          sum += points.weights[n] * points.coordinates[plane + n]
        }
        // Where nothing weighs anything, any point will do.
        planes[d * stride + box] =
          weight > 0 ? sum / weight : points.coordinates[plane + start]
      }
    }
    return PointTree(
      WeightedPoints(
        count: starts.count, dimension: dimension, planes: planes,
        totalWeight: points.totalWeight,
        weights: weights))
  }

  /// Boxes of one level of the Z-order curve: the finest level with at most
  /// `most` occupied ones.
  ///
  /// - Parameters:
  ///   - keys: Keys along the curve, ascending.
  ///   - most: The most boxes, at least 1.
  /// - Returns: The place of the first key of each box.
  /// - Complexity: O(keys).
  package static func boxStarts(
    of keys: ArraySlice<UInt64>, most: Int
  ) -> [Int] {
    // Two neighbours lie in different boxes of a level when their keys differ
    // in one of the level's bits: the highest differing bit decides.
    var cuts = [Int](repeating: 0, count: 65)
    for n in keys.indices.dropFirst() {
      cuts[64 - (keys[n - 1] ^ keys[n]).leadingZeroBitCount] += 1
    }
    // cuts[b]: pairs whose highest differing bit is number b − 1.
    var boxes = 1
    var lowest = 65
    while lowest > 1, boxes + cuts[lowest - 1] <= most {
      lowest -= 1
      boxes += cuts[lowest]
    }
    var starts = [keys.startIndex]
    starts.reserveCapacity(boxes)
    for n in keys.indices.dropFirst()
    where 64 - (keys[n - 1] ^ keys[n]).leadingZeroBitCount >= lowest {
      starts.append(n)
    }
    return starts
  }
}
