/// Which components each point keeps, K_n, with its share in each; and for each
/// component the points that keep it.
///
/// A membership is one component of one point: number n C' + i is the i-th of
/// point n, nearest first.
final class Memberships: @unchecked Sendable {
  // Sendable: threads write places of their own, and whoever owns this waits
  // for them.

  /// C'.
  let truncation: Int

  /// The number of points.
  let points: Int

  /// The component of each membership.
  let components: UnsafeMutablePointer<UInt16>

  /// For each membership: while K_n is sought, the squared distance; then the
  /// point's weight times the responsibility.
  let values: UnsafeMutablePointer<Double>

  /// For each point the distance of its farthest component.
  let reaches: UnsafeMutablePointer<Double>

  /// The memberships, component after component, in ascending order.
  let order: UnsafeMutablePointer<UInt32>

  /// Where in `order` each component's memberships start; one more for the end.
  let starts: UnsafeMutablePointer<Int>

  private let count: Int

  /// Allocates room.
  init(points: Int, truncation: Int, components count: Int) {
    self.points = points
    self.truncation = truncation
    self.count = count
    components = .allocate(capacity: points * truncation)
    values = .allocate(capacity: points * truncation)
    reaches = .allocate(capacity: points)
    order = .allocate(capacity: points * truncation)
    starts = .allocate(capacity: count + 1)
  }

  deinit {
    components.deallocate()
    values.deallocate()
    reaches.deallocate()
    order.deallocate()
    starts.deallocate()
  }

  /// The memberships of a component.
  @inline(__always)
  func ofComponent(_ component: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: order + starts[component],
      count: starts[component + 1] - starts[component])
  }

  /// The point of a membership.
  @inline(__always)
  func point(of membership: UInt32) -> Int {
    truncation == 1
      ? Int(membership)
      : Int(membership / UInt32(truncatingIfNeeded: truncation))
  }

  /// Finds the memberships of each component: a counting sort.
  ///
  /// - Complexity: O(points × C' + components).
  func sort() {
    starts.update(repeating: 0, count: count + 1)
    for i in 0..<points * truncation { starts[Int(components[i])] += 1 }
    var sum = 0
    for c in 0..<count {
      sum += starts[c]
      starts[c] = sum
    }
    starts[count] = sum
    // From the last on, so that what were the ends become the starts.
    for i in (0..<points * truncation).reversed() {
      let c = Int(components[i])
      starts[c] -= 1
      order[starts[c]] = UInt32(i)
    }
  }
}
