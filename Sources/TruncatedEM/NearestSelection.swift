/// Finds the C' nearest of C components of one point after the other, in
/// memory that is allocated once.
struct NearestSelection {
  /// C'.
  let count: Int

  /// C.
  private let candidates: Int

  /// The components found, `count` of them, in no particular order.
  let components: UnsafeMutablePointer<Int>

  /// Their squared distances, in the same order.
  let distances: UnsafeMutablePointer<Double>

  /// Room for their responsibilities, in the same order.
  let responsibilities: UnsafeMutablePointer<Double>

  /// The least of `distances`.
  private(set) var least = Double.infinity

  /// Up to this C', a sorted list that takes each closer component in is
  /// faster than partitioning all of them.
  private static let mostInserted = 16

  /// Allocates room to find the `count` nearest of `candidates` components.
  ///
  /// - Precondition: 1 ≤ count ≤ candidates.
  init(_ count: Int, of candidates: Int) {
    precondition(count >= 1 && count <= candidates)
    self.count = count
    self.candidates = candidates
    components = .allocate(capacity: candidates)
    distances = .allocate(capacity: candidates)
    responsibilities = .allocate(capacity: count)
  }

  /// Frees the memory.
  func deallocate() {
    components.deallocate()
    distances.deallocate()
    responsibilities.deallocate()
  }

  /// Finds the nearest components of a point; of equally far ones those with
  /// the lower numbers.
  ///
  /// - Parameter distance: Gives the squared distance of a component.
  /// - Complexity: O(C) on average for a fixed C', and for C' = C; O(C) on
  ///   average by partitioning for a C' that grows with C.
  @inline(__always)
  mutating func select(_ distance: (Int) -> Double) {
    if count == candidates {
      takeAll(distance)
    } else if count <= Self.mostInserted {
      insert(distance)
    } else {
      takeAll(distance)
      partition()
    }
  }

  @inline(__always)
  private mutating func takeAll(_ distance: (Int) -> Double) {
    least = .infinity
    for c in 0..<candidates {
      let squared = distance(c)
      components[c] = c
      distances[c] = squared
      least = min(least, squared)
    }
  }

  @inline(__always)
  private mutating func insert(_ distance: (Int) -> Double) {
    for i in 0..<count {
      distances[i] = .infinity
      components[i] = i
    }
    for c in 0..<candidates {
      let squared = distance(c)
      // Strictly closer: components come in ascending order, so an equal one
      // has a higher number than what it would push out.
      guard squared < distances[count - 1] else { continue }
      var i = count - 1
      while i > 0, distances[i - 1] > squared {
        distances[i] = distances[i - 1]
        components[i] = components[i - 1]
        i -= 1
      }
      distances[i] = squared
      components[i] = c
    }
    least = distances[0]
  }

  /// Moves the `count` nearest to the front: Hoare's quickselect by distance,
  /// then number, with the median of three as the pivot.
  private mutating func partition() {
    var low = 0
    var high = candidates - 1
    while low < high {
      let pivot = median(low, (low + high) / 2, high)
      var i = low
      var j = high
      while i <= j {
        while isBefore(i, pivot) { i += 1 }
        while isAfter(j, pivot) { j -= 1 }
        if i <= j {
          swap(i, j)
          i += 1
          j -= 1
        }
      }
      // Everything up to j is before everything from i on.
      if count - 1 <= j {
        high = j
      } else if count - 1 >= i {
        low = i
      } else {
        return
      }
    }
  }

  private typealias Key = (distance: Double, component: Int)

  private func key(_ i: Int) -> Key { (distances[i], components[i]) }

  private func isBefore(_ i: Int, _ key: Key) -> Bool {
    distances[i] < key.distance
      || (distances[i] == key.distance && components[i] < key.component)
  }

  private func isAfter(_ i: Int, _ key: Key) -> Bool {
    distances[i] > key.distance
      || (distances[i] == key.distance && components[i] > key.component)
  }

  private func median(_ a: Int, _ b: Int, _ c: Int) -> Key {
    let keys = (key(a), key(b), key(c))
    let low = min(keys.0, keys.1)
    let high = max(keys.0, keys.1)
    return max(low, min(high, keys.2))
  }

  private func swap(_ i: Int, _ j: Int) {
    (distances[i], distances[j]) = (distances[j], distances[i])
    (components[i], components[j]) = (components[j], components[i])
  }
}

private func min(
  _ a: (distance: Double, component: Int),
  _ b: (distance: Double, component: Int)
) -> (distance: Double, component: Int) { a < b ? a : b }

private func max(
  _ a: (distance: Double, component: Int),
  _ b: (distance: Double, component: Int)
) -> (distance: Double, component: Int) { a < b ? b : a }
