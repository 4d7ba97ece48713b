import ParallelWork
import TruncatedEM

extension ColorHistogram {
  /// The means of boxes of visible colours as points.
  ///
  /// - Parameters:
  ///   - space: The working space.
  ///   - most: The most boxes, at least 1.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Returns: Their tree.
  /// - Complexity: O(colours); memory for the boxes.
  func boxTree(
    in space: CompositeSpace, most: Int, workers: Workers
  ) -> PointTree {
    let starts = PointTree.boxStarts(of: codes[visible], most: most)
    let end = visible.upperBound
    let dimension = dimension(in: space)
    let places = space.places(dimension: dimension)
    let pieces = max(1, min(16, starts.count / 16_384))
    let points = WeightedPoints(
      count: starts.count, dimension: dimension,
      totalWeight: totalWeight(of: visible)
    ) { planes, weights, stride in
      workers.forEach(pieces) { piece in
        for box in starts.indices.piece(piece, of: pieces) {
          let next = box + 1 < starts.count ? starts[box + 1] : end
          let (mean, weight) = mean(of: starts[box]..<next, in: space)
          weights.start[box] = weight
          for (d, place) in places.enumerated() {
            planes.start[d * stride + box] = mean[place]
          }
        }
      }
    }
    return PointTree(
      sorted: points, keys: starts.map { codes[$0] }, workers: workers)
  }

  /// The mean of some colours in a working space, and how much they count.
  private func mean(
    of range: Range<Int>, in space: CompositeSpace
  ) -> (mean: SIMD4<Double>, weight: Double) {
    var sum = SIMD4<Double>.zero
    var weight = 0.0
    for n in range {
      sum += self.weight(n) * point(n, in: space)
      weight += self.weight(n)
    }
    // Where nothing counts, any point will do.
    return (
      weight > 0 ? sum / weight : point(range.lowerBound, in: space), weight
    )
  }
}
