import ParallelWork

/// Points sorted by the component they belong to.
struct Partition: Sendable {
  /// The points, component after component.
  let points: WeightedPoints

  /// Where each component's points start; one more entry for the end.
  let starts: [Int]

  /// Sorts points by their components.
  ///
  /// - Parameters:
  ///   - points: The points.
  ///   - nearest: The component of each.
  ///   - components: How many components there are.
  /// - Complexity: O(points × dimension + components).
  init(_ points: WeightedPoints, by nearest: [UInt16], components: Int) {
    var starts = [Int](repeating: 0, count: components + 1)
    var order = [Int](repeating: 0, count: points.count)
    nearest.withUnsafeBufferPointer { nearest in
      for c in nearest { starts[Int(c) + 1] += 1 }
      for c in 0..<components { starts[c + 1] += starts[c] }
      var next = starts
      next.withUnsafeMutableBufferPointer { next in
        order.withUnsafeMutableBufferPointer { order in
          for (n, c) in nearest.enumerated() {
            order[next[Int(c)]] = n
            next[Int(c)] += 1
          }
        }
      }
    }
    self.points = points.reordered(order)
    self.starts = starts
  }

  /// The points of a component.
  subscript(component: Int) -> Range<Int> {
    starts[component]..<starts[component + 1]
  }

  /// The points of some components, one component after the other.
  ///
  /// - Complexity: O(their points × dimension).
  func region(of components: [Int]) -> WeightedPoints {
    let ranges = components.map { self[$0] }
    let count = ranges.map(\.count).reduce(0, +)
    let stride = WeightedPoints.padded(count)
    var planes: [Double] = []
    planes.reserveCapacity(stride * points.dimension)
    for d in 0..<points.dimension {
      let plane = d * points.stride
      for range in ranges {
        planes +=
          points.coordinates[
            plane + range.lowerBound..<plane + range.upperBound]
      }
      for _ in count..<stride { planes.append(0) }
    }
    var weights: [Double] = []
    weights.reserveCapacity(stride)
    for range in ranges { weights += points.weights[range] }
    for _ in count..<stride { weights.append(0) }
    return WeightedPoints(
      count: count, dimension: points.dimension, planes: planes,
      totalWeight: points.totalWeight, weights: weights)
  }
}
