/// For each node of a part of a tree, the components that may be among the C'
/// closest of the points below it.
struct SubtreeCandidates: Sendable {
  /// The list of one node.
  struct Entry: Sendable {
    /// The component nearest to the middle of the node's box when the list was
    /// made, or −1 where that was not looked for.
    var pivot: Int32 = -1

    /// Where the list is in `numbers`.
    var start: Int32 = 0

    /// How long it is.
    var count: Int32 = 0
  }

  /// The top of the part.
  let root: Int

  /// The leaves below it, in the order of the tree.
  let leaves: [Int32]

  /// The lists' places, by node, beginning with the root.
  private(set) var entries: [Entry]

  /// The lists: components in ascending order.
  private(set) var numbers: [Int32] = []

  /// How many distances making the lists took, since that was asked last.
  private var distances = 0

  /// Room for the lists of all nodes from `root` to below `end`.
  init(root: Int, end: Int, leaves: [Int32]) {
    self.root = root
    self.leaves = leaves
    entries = [Entry](repeating: Entry(), count: end - root)
    numbers.reserveCapacity(4 * (end - root))
  }

  /// The list of a node.
  subscript(node: Int) -> Entry { entries[node - root] }

  /// Whether a node's list has a component of some kind.
  func contains(in node: Int, where predicate: (Int32) -> Bool) -> Bool {
    let entry = entries[node - root]
    for i in Int(entry.start)..<Int(entry.start) + Int(entry.count)
    where predicate(numbers[i]) {
      return true
    }
    return false
  }

  /// Sets the list of a node. What was there before stays in memory until the
  /// lists are made anew.
  mutating func set(
    _ node: Int, pivot: Int32, _ list: UnsafeBufferPointer<Int32>
  ) {
    let old = entries[node - root]
    var start = Int(old.start)
    if Int(old.count) >= list.count {
      for (i, number) in list.enumerated() { numbers[start + i] = number }
    } else {
      start = numbers.count
      numbers.append(contentsOf: list)
    }
    entries[node - root] = Entry(
      pivot: pivot, start: Int32(truncatingIfNeeded: start),
      count: Int32(truncatingIfNeeded: list.count))
  }

  /// Counts distances that were evaluated.
  @inline(__always)
  mutating func count(_ distances: Int) { self.distances += distances }

  /// How many were counted since this was asked last.
  mutating func takeDistances() -> Int {
    defer { distances = 0 }
    return distances
  }

  /// Forgets all lists.
  mutating func removeAll() {
    numbers.removeAll(keepingCapacity: true)
    for i in entries.indices { entries[i] = Entry() }
  }

  /// Gives a node the list of another, in the same place.
  mutating func share(_ node: Int, with other: Int) {
    entries[node - root] = entries[other - root]
  }

  /// Calls `body` with the storage.
  func withUnsafeLists<Result>(_ body: (UnsafeLists) -> Result) -> Result {
    leaves.withUnsafeBufferPointer { leaves in
      entries.withUnsafeBufferPointer { entries in
        numbers.withUnsafeBufferPointer { numbers in
          guard let entries = entries.baseAddress,
            let numbers = numbers.baseAddress
          else { preconditionFailure("a node has at least one candidate") }
          return body(
            UnsafeLists(
              leaves: leaves, entries: entries - root, numbers: numbers))
        }
      }
    }
  }
}

/// The storage of `SubtreeCandidates`, as the passes read it.
struct UnsafeLists {
  /// Nodes that are leaves.
  let leaves: UnsafeBufferPointer<Int32>

  /// Indexed by node.
  let entries: UnsafePointer<SubtreeCandidates.Entry>

  let numbers: UnsafePointer<Int32>

  /// The candidates of a node.
  @inline(__always)
  subscript(node: Int) -> UnsafeBufferPointer<Int32> {
    let entry = entries[node]
    return UnsafeBufferPointer(
      start: numbers + Int(entry.start), count: Int(entry.count))
  }

  /// Calls `body` with leaves that follow each other and have one list, their
  /// points, and the list.
  @inline(__always)
  func forEachRun(
    of tree: UnsafeTree,
    _ body: (
      Slice<UnsafeBufferPointer<Int32>>, Range<Int>, UnsafeBufferPointer<Int32>
    ) -> Void
  ) {
    var start = 0
    while start < leaves.count {
      let first = Int(leaves[start])
      let entry = entries[first]
      var end = start + 1
      while end < leaves.count {
        let other = entries[Int(leaves[end])]
        guard other.start == entry.start, other.count == entry.count else {
          break
        }
        end += 1
      }
      body(
        leaves[start..<end],
        Int(
          tree.nodes[first].start)..<Int(tree.nodes[Int(leaves[end - 1])].end),
        self[first])
      start = end
    }
  }
}
