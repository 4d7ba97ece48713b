/// Pairs of regions that could be merged, the cheapest first.
package struct MergeQueue {
  /// Two regions, and what it costs to make them one.
  package struct Pair: Comparable {
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
    package static func < (_ a: Pair, _ b: Pair) -> Bool {
      if a.cost != b.cost { return a.cost < b.cost }
      return (a.first, a.second) < (b.first, b.second)
    }
  }

  private var heap: BinaryHeap<Pair>

  /// Orders some pairs.
  ///
  /// - Complexity: O(pairs).
  package init(_ pairs: [Pair]) { heap = BinaryHeap(pairs) }

  /// Adds a pair.
  ///
  /// - Complexity: O(log pairs).
  package mutating func insert(_ pair: Pair) { heap.insert(pair) }

  /// Takes the cheapest pair.
  ///
  /// - Complexity: O(log pairs).
  package mutating func next() -> Pair? { heap.popLeast() }
}
