/// Finds the C' nearest of many candidates of one point, in memory that is
/// allocated once: Hoare's quickselect by distance, then place, with the median
/// of three as the pivot.
struct NearestSelection {
  /// C'.
  private let count: Int

  /// The places of the nearest candidates, `count` of them, in no particular
  /// order.
  let places: UnsafeMutablePointer<Int>

  /// Their squared distances.
  let distances: UnsafeMutablePointer<Double>

  /// Room for their components' numbers.
  let numbers: UnsafeMutablePointer<Int64>

  /// Allocates room to find the `count` nearest of at most `candidates`.
  init(_ count: Int, of candidates: Int) {
    self.count = count
    places = .allocate(capacity: candidates)
    distances = .allocate(capacity: candidates)
    numbers = .allocate(capacity: count)
  }

  /// Frees the memory.
  func deallocate() {
    places.deallocate()
    distances.deallocate()
    numbers.deallocate()
  }

  /// Finds the nearest; of equally far candidates those at the lower places.
  ///
  /// - Parameters:
  ///   - candidates: How many there are, at least C'.
  ///   - distance: Gives the squared distance of the candidate at a place.
  /// - Complexity: O(candidates) on average.
  @inline(__always)
  mutating func select(among candidates: Int, _ distance: (Int) -> Double) {
    for place in 0..<candidates {
      places[place] = place
      distances[place] = distance(place)
    }
    partition(candidates)
  }

  private mutating func partition(_ candidates: Int) {
    var low = 0
    var high = candidates - 1
    while low < high {
      let pivot = median(low, (low + high) / 2, high)
      var i = low
      var j = high
      while i <= j {
        while key(i) < pivot { i += 1 }
        while pivot < key(j) { j -= 1 }
        if i <= j {
          (distances[i], distances[j]) = (distances[j], distances[i])
          (places[i], places[j]) = (places[j], places[i])
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

  /// What candidates are ordered by.
  private struct Key: Comparable {
    let distance: Double
    let place: Int

    static func < (a: Key, b: Key) -> Bool {
      a.distance < b.distance
        || (a.distance == b.distance && a.place < b.place)
    }
  }

  private func key(_ i: Int) -> Key {
    Key(distance: distances[i], place: places[i])
  }

  private func median(_ a: Int, _ b: Int, _ c: Int) -> Key {
    let (first, second) = (min(key(a), key(b)), max(key(a), key(b)))
    return max(first, min(second, key(c)))
  }
}
