extension PointTree {
  /// Cuts the tree into subtrees to work on at once.
  ///
  /// The cut depends on the points alone, never on the number of threads.
  ///
  /// - Parameter size: The most points of a subtree.
  /// - Returns: Nodes that follow each other and cover all points.
  /// - Complexity: O(subtrees).
  func subtrees(ofAtMost size: Int) -> [Int] {
    var result: [Int] = []
    var node = 0
    while node < nodes.count {
      let isLeaf = Int(nodes[node].next) == node + 1
      if isLeaf || Int(nodes[node].end - nodes[node].start) <= size {
        result.append(node)
        node = Int(nodes[node].next)
      } else {
        node += 1
      }
    }
    return result
  }

  /// The leaves from a node on down, in order.
  func leaves(_ node: Int) -> [Int32] {
    (node..<Int(nodes[node].next)).filter { Int(nodes[$0].next) == $0 + 1 }
      .map { Int32(truncatingIfNeeded: $0) }
  }
}
