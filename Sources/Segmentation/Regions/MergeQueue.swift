/// Pairs of regions that could be merged, the cheapest first: a binary heap.
struct MergeQueue {
  /// Two regions, and what it costs to make them one.
  struct Pair {
    let cost: Double
    let first: Int32
    let second: Int32

    /// The versions of both when the cost was computed.
    let firstVersion: Int32
    let secondVersion: Int32

    /// Equal costs are ordered by the regions, so that nothing is left to
    /// chance.
    @inline(__always)
    static func precedes(_ a: Pair, _ b: Pair) -> Bool {
      if a.cost != b.cost { return a.cost < b.cost }
      return (a.first, a.second) < (b.first, b.second)
    }
  }

  private var heap: [Pair]

  /// Orders some pairs.
  ///
  /// - Complexity: O(pairs).
  init(_ pairs: [Pair]) {
    heap = pairs
    for place in stride(from: heap.count / 2 - 1, through: 0, by: -1) {
      sink(place)
    }
  }

  /// Adds a pair.
  ///
  /// - Complexity: O(log pairs).
  mutating func insert(_ pair: Pair) {
    heap.append(pair)
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard Pair.precedes(heap[place], heap[parent]) else { return }
      heap.swapAt(place, parent)
      place = parent
    }
  }

  /// Takes the cheapest pair.
  ///
  /// - Complexity: O(log pairs).
  mutating func next() -> Pair? {
    guard let last = heap.popLast() else { return nil }
    guard let first = heap.first else { return last }
    heap[0] = last
    sink(0)
    return first
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in 2 * place + 1..<2 * place + 3 where child < heap.count {
        if Pair.precedes(heap[child], heap[least]) { least = child }
      }
      guard least != place else { return }
      heap.swapAt(least, place)
      place = least
    }
  }
}
