/// The nearest of the components that are offered, sorted, nearest first and of
/// equally far ones the lower number; in memory that is allocated once.
///
/// For few places: an insertion moves what is behind it. Where many are kept,
/// `NearestSelection` finds them among all at once; `NearestHeap` is for
/// searches that need the distance of the farthest kept while they go on.
struct NearestList<Number: FixedWidthInteger> {
  /// How many are kept, at least 1.
  let capacity: Int

  /// Their squared distances, or whatever they are compared by.
  let distances: UnsafeMutablePointer<Double>

  /// Their numbers.
  let numbers: UnsafeMutablePointer<Number>

  /// Allocates room.
  init(capacity: Int) {
    self.capacity = capacity
    distances = .allocate(capacity: capacity)
    numbers = .allocate(capacity: capacity)
  }

  /// Frees the memory.
  func deallocate() {
    distances.deallocate()
    numbers.deallocate()
  }

  /// Forgets all.
  @inline(__always)
  func reset() {
    for i in 0..<capacity {
      distances[i] = .infinity
      numbers[i] = 0
    }
  }

  /// The distance of the farthest kept; infinite while there is room.
  @inline(__always)
  var bound: Double { distances[capacity - 1] }

  /// Keeps a component if it is nearer than the farthest kept.
  ///
  /// - Complexity: O(1) where it is not, else O(capacity).
  @inline(__always)
  func offer(_ number: Number, _ distance: Double) {
    guard distance < bound else { return }
    insert(number, distance, below: capacity - 1)
  }

  /// Puts a component in its place among the first `count`, which are sorted;
  /// what was in the place behind them is forgotten.
  @inline(__always)
  func insert(_ number: Number, _ distance: Double, below count: Int) {
    var i = count
    while i > 0,
      distances[i - 1] > distance
        || (distances[i - 1] == distance && numbers[i - 1] > number)
    {
      distances[i] = distances[i - 1]
      numbers[i] = numbers[i - 1]
      i -= 1
    }
    distances[i] = distance
    numbers[i] = number
  }
}
