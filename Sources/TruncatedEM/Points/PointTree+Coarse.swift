package import ParallelWork

extension PointTree {
  /// Fewer points that stand for these: the means of boxes, each with the
  /// weight of the points in its box.
  ///
  /// The k-means objective of the means differs from that of the points by the
  /// scatter within the boxes, which no assignment of whole boxes changes.
  ///
  /// The boxes are those of `ScatterCuts`.
  ///
  /// - Parameters:
  ///   - most: The most boxes, at least 1.
  ///   - workers: The threads to use.
  /// - Returns: The tree of the means; itself where there are no more than
  ///   `most` points.
  /// - Complexity: O(points × dimension).
  package func coarsened(to most: Int, workers: Workers) -> PointTree {
    guard points.count > most else { return self }
    let starts = ScatterCuts(of: self, workers: workers).starts(most: most)
    let count = points.count
    let dimension = dimension
    let pieces = max(1, min(32, count / 16_384))
    let boxes = points.withUnsafePoints { points in
      WeightedPoints(
        count: starts.count, dimension: dimension,
        totalWeight: self.points.totalWeight
      ) { planes, weights, stride in
        workers.forEach(pieces) { piece in
          for box in starts.indices.piece(piece, of: pieces) {
            let end = box + 1 < starts.count ? starts[box + 1] : count
            points.gather(
              starts[box]..<end, dimension: dimension,
              mean: planes.start + box, stride: stride,
              weight: weights.start + box)
          }
        }
      }
    }
    return PointTree(
      sorted: boxes, keys: starts.map { keys.keys[$0] }, workers: workers)
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

extension UnsafePoints {
  /// The weight and the mean of a range of points.
  fileprivate func gather(
    _ range: Range<Int>, dimension: Int, mean: UnsafeMutablePointer<Double>,
    stride: Int, weight: UnsafeMutablePointer<Double>
  ) {
    var total = 0.0
    for n in range { total += weights[n] }
    weight.pointee = total
    for d in 0..<dimension {
      var sum = 0.0
      for n in range { sum += weights[n] * coordinate(n, d) }
      // Where nothing weighs anything, any point will do.
      mean[d * stride] =
        total > 0 ? sum / total : coordinate(range.lowerBound, d)
    }
  }
}
