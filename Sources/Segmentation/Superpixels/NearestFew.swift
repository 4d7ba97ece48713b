/// The few least of some distances, in ascending order; of equal ones those that
/// came first.
package struct NearestFew {
  private var entries: [(entry: Int, distance: Double)] = []

  /// The most that are kept.
  package let capacity: Int

  /// The number there are.
  package var count: Int { entries.count }

  /// Keeps nothing yet.
  package init(capacity: Int) {
    self.capacity = capacity
    entries.reserveCapacity(capacity + 1)
  }

  /// The distance of rank i, the least is 0.
  package func distance(_ i: Int) -> Double { entries[i].distance }

  /// What has the distance of rank i.
  package func entry(_ i: Int) -> Int { entries[i].entry }

  /// Forgets all.
  package mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  /// Offers a distance.
  ///
  /// - Complexity: O(capacity).
  package mutating func insert(_ entry: Int, distance: Double) {
    var place = entries.count
    while place > 0, distance < entries[place - 1].distance { place -= 1 }
    guard place < capacity else { return }
    entries.insert((entry, distance), at: place)
    if entries.count > capacity { entries.removeLast() }
  }
}
