import ParallelWork

extension NeighbourhoodPass {
  /// The neighbours of each component, as far as its points may want them.
  ///
  /// - Parameters:
  ///   - tree: The means.
  ///   - leaves: Its leaves.
  ///   - size: How many components a neighbourhood has, itself included, 2 or
  ///     more.
  ///   - workers: The threads to use.
  /// - Returns: Of each neighbourhood the part that can matter, and how many
  ///   distances it took to find it.
  /// - Complexity: O(components × (log components + neighbours × log size))
  ///   where boxes hardly overlap.
  func neighbours(
    _ tree: UnsafeMeansTree, _ leaves: [Int], size: Int, _ workers: Workers
  ) -> (Neighbourhoods, distances: Int) {
    let pieces = Self.componentPieces(leaves.count)
    var result = Neighbourhoods(components: components)
    var parts = [[Neighbourhoods.Neighbour]](repeating: [], count: pieces.count)
    var distances = 0
    result.ranges.withUnsafeMutableBufferPointer { buffer in
      let ranges = SharedMemory(buffer)
      distances = workers.map(&parts) { piece, part in
        var search = LeafSearch<Dimension>(
          tree, leaves: leaves.count, room: size - 1)
        for leaf in leaves[pieces[piece]] {
          addNeighbours(tree, leaf, &search, to: &part, ranges.start)
        }
        search.deallocate()
        return search.heap.distances
      }.reduce(0, +)
      var offset = 0
      for (piece, part) in zip(pieces, parts) {
        let first = tree.nodes[leaves[piece.lowerBound]].start
        let end = tree.nodes[leaves[piece.upperBound - 1]].end
        for place in first..<end {
          let c = Int(tree.numbers[Int(place)])
          let range = ranges.start[c]
          ranges.start[c] =
            range.lowerBound + offset..<range.upperBound + offset
        }
        offset += part.count
      }
    }
    result.neighbours.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts { result.neighbours += part }
    return (result, distances)
  }

  /// Adds the neighbours of the components in a leaf.
  private func addNeighbours(
    _ tree: UnsafeMeansTree, _ leaf: Int, _ search: inout LeafSearch<Dimension>,
    to list: inout [Neighbourhoods.Neighbour],
    _ ranges: UnsafeMutablePointer<Range<Int>>
  ) {
    let node = tree.nodes[leaf]
    let start = Int(node.start)
    for place in start..<Int(node.end) {
      search.radii[place - start] = radius(of: Int(tree.numbers[place]))
    }
    search.begin(leaf)
    for place in start..<Int(node.end) {
      let first = list.count
      // Where nobody keeps it, nobody asks for its neighbours.
      if search.radii[place - start] >= 0 {
        search.find(place)
        for i in 0..<search.heap.count {
          let entry = search.heap.entries[i]
          list.append(
            Neighbourhoods.Neighbour(
              distance: entry.distance.squareRoot(), number: entry.number))
        }
      }
      ranges[Int(tree.numbers[place])] = first..<list.count
    }
  }

  /// How far from its mean a component can matter to the points that keep it;
  /// negative where there are none.
  private func radius(of component: Int) -> Double {
    var radius = -1.0
    for i in memberships.ofComponent(component) {
      let reach = memberships.reaches[memberships.point(of: i)]
      radius = max(radius, memberships.values[Int(i)].squareRoot() + reach)
    }
    return radius * Self.slack
  }
}
