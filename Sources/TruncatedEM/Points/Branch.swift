/// The nodes of a part of a `PointTree`, numbered from 0.
struct Branch: Sendable {
  /// In depth-first order.
  private(set) var nodes: [PointTree.Node] = []

  /// The longest path to a leaf, in nodes.
  private(set) var depth = 0

  /// The points of the nodes that were not cut.
  private(set) var leaves: [Range<Int>] = []

  private init() {}

  /// Cuts a range of points, and its parts, in two where their keys first
  /// differ.
  ///
  /// - Parameters:
  ///   - keys: The keys of all points, ascending.
  ///   - range: The points; all if it is left out.
  ///   - most: Ranges of at most this many points are not cut.
  /// - Complexity: O(nodes × log points).
  init(of keys: [UInt64], _ range: Range<Int>? = nil, cutAbove most: Int) {
    let range = range ?? 0..<keys.count
    nodes.reserveCapacity(4 * range.count / most + 1)
    keys.withUnsafeBufferPointer { keys in
      add(range, depth: 1, keys, cutAbove: most)
    }
  }

  private mutating func add(
    _ range: Range<Int>, depth: Int, _ keys: UnsafeBufferPointer<UInt64>,
    cutAbove most: Int
  ) {
    self.depth = max(self.depth, depth)
    let node = nodes.count
    nodes.append(PointTree.Node(start: 0, end: 0, next: 0))
    if range.count > most {
      let middle = Self.cut(range, keys)
      add(range.lowerBound..<middle, depth: depth + 1, keys, cutAbove: most)
      add(middle..<range.upperBound, depth: depth + 1, keys, cutAbove: most)
    } else {
      leaves.append(range)
    }
    nodes[node] = PointTree.Node(range, next: nodes.count)
  }

  /// The first point whose key has the highest bit in which the keys differ;
  /// the middle where all are equal.
  private static func cut(
    _ range: Range<Int>, _ keys: UnsafeBufferPointer<UInt64>
  ) -> Int {
    let first = keys[range.lowerBound]
    let last = keys[range.upperBound - 1]
    guard first != last else {
      return (range.lowerBound + range.upperBound) / 2
    }
    let bit = UInt64(63 - (first ^ last).leadingZeroBitCount)
    // Which half comes next is a coin toss: computing it is faster than
    // guessing it.
    func isBefore(_ n: Int) -> Int { Int((~keys[n] >> bit) & 1) }
    var low = range.lowerBound
    var count = range.count
    while count > 1 {
      let half = count / 2
      low += isBefore(low + half - 1) * half
      count -= half
    }
    return low + isBefore(low)
  }

  /// The whole of a branch whose leaves have been cut further.
  ///
  /// - Parameter parts: The branch of each leaf, in order.
  /// - Returns: This branch with the parts in place of its leaves.
  /// - Complexity: O(nodes).
  func grafted(_ parts: [Branch]) -> Branch {
    var whole = Branch()
    whole.nodes.reserveCapacity(
      nodes.count + parts.reduce(0) { $0 + $1.nodes.count })
    var next = parts.makeIterator()
    whole.append(0, of: self, depth: 1, &next)
    return whole
  }

  private mutating func append(
    _ node: Int, of top: Branch, depth: Int,
    _ parts: inout IndexingIterator<[Branch]>
  ) {
    let old = top.nodes[node]
    if Int(old.next) == node + 1 {
      guard let part = parts.next() else { return }
      let offset = Int32(nodes.count)
      for node in part.nodes {
        nodes.append(
          PointTree.Node(
            start: node.start, end: node.end, next: node.next + offset))
      }
      self.depth = max(self.depth, depth + part.depth - 1)
      leaves += part.leaves
      return
    }
    let place = nodes.count
    nodes.append(old)
    append(node + 1, of: top, depth: depth + 1, &parts)
    append(
      Int(top.nodes[node + 1].next), of: top, depth: depth + 1, &parts)
    nodes[place] = PointTree.Node(
      Int(old.start)..<Int(old.end), next: nodes.count)
  }
}

extension PointTree.Node {
  fileprivate init(_ range: Range<Int>, next: Int) {
    self.init(
      start: Int32(range.lowerBound), end: Int32(range.upperBound),
      next: Int32(next))
  }
}
