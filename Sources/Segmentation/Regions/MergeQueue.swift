/// Pairs of regions that could be merged, the cheapest first: a binary heap.
package struct MergeQueue {
  /// Two regions, and what it costs to make them one.
  package struct Pair {
    package let cost: Double
    package let first: Int32
    package let second: Int32

    /// The versions of both when the cost was computed.
    package let firstVersion: Int32
    package let secondVersion: Int32

    /// A pair with its cost.
    package init(
      cost: Double, first: Int32, second: Int32, firstVersion: Int32,
      secondVersion: Int32
    ) {
      self.cost = cost
      self.first = first
      self.second = second
      self.firstVersion = firstVersion
      self.secondVersion = secondVersion
    }

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
  package init(_ pairs: [Pair]) {
    heap = pairs
    for place in stride(from: heap.count / 2 - 1, through: 0, by: -1) {
      sink(place)
    }
  }

  /// Adds a pair.
  ///
  /// - Complexity: O(log pairs).
  package mutating func insert(_ pair: Pair) {
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
  package mutating func next() -> Pair? {
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
