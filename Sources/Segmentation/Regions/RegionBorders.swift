package import Regions

/// Which regions of a map lie beside each other.
package struct RegionBorders {
  /// For each region the sides of its pixels that lie at others.
  package private(set) var sides: [Int]

  /// The neighbours of all regions, one after the other.
  private var neighbours: [Int32]

  /// Where those of each region begin, and where the last one's end.
  private var starts: [Int]

  /// Finds the borders of a map.
  ///
  /// - Complexity: O(pixels + sides log sides), whatever the regions are like.
  package init(_ map: LabelMap) {
    sides = [Int](repeating: 0, count: map.count)
    starts = []
    neighbours = []
    map.forEachSide { first, second in
      sides[Int(map.labels[first])] += 1
      sides[Int(map.labels[second])] += 1
    }
    starts = [0]
    starts.reserveCapacity(map.count + 1)
    for count in sides { starts.append((starts.last ?? 0) + count) }
    var ends = Array(starts.dropLast())
    neighbours = [Int32](repeating: 0, count: starts.last ?? 0)
    neighbours.withUnsafeMutableBufferPointer { neighbours in
      func add(_ other: Int, to region: Int) {
        // Most sides follow one with the same neighbour.
        let end = ends[region]
        if end > starts[region], neighbours[end - 1] == Int32(other) { return }
        neighbours[end] = Int32(truncatingIfNeeded: other)
        ends[region] = end + 1
      }
      map.forEachSide { first, second in
        let (a, b) = (Int(map.labels[first]), Int(map.labels[second]))
        add(b, to: a)
        add(a, to: b)
      }
      // Moves them together, each once.
      var next = 0
      for region in ends.indices {
        let found = neighbours[starts[region]..<ends[region]].sorted()
        starts[region] = next
        for (i, other) in found.enumerated()
        where i == 0 || found[i - 1] != other {
          neighbours[next] = other
          next += 1
        }
      }
      starts[ends.count] = next
    }
  }

  /// The regions beside one, ascending.
  package subscript(region: Int) -> [Int] {
    neighbours[starts[region]..<starts[region + 1]].map { Int($0) }
  }
}
