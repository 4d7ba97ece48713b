/// The neighbours of every component that are near enough to matter.
struct Neighbourhoods: Sendable {
  /// A component near another.
  struct Neighbour {
    /// From mean to mean, in units of the space.
    let distance: Double

    /// Its number.
    let number: Int32
  }

  /// Component after component in the order of their tree, nearest first; none
  /// contains the component itself.
  var neighbours: [Neighbour] = []

  /// Where the neighbours of each component are.
  var ranges: [Range<Int>]

  /// No neighbours.
  init(components: Int) {
    ranges = [Range<Int>](repeating: 0..<0, count: components)
  }
}

extension Neighbourhoods {
  /// Calls `body` with the storage of neighbourhoods, or with `nil`.
  static func withUnsafe<Result>(
    _ neighbourhoods: Neighbourhoods?,
    _ body: (UnsafeNeighbourhoods?) -> Result
  ) -> Result {
    guard let neighbourhoods else { return body(nil) }
    return neighbourhoods.neighbours.withUnsafeBufferPointer { neighbours in
      neighbourhoods.ranges.withUnsafeBufferPointer { ranges in
        body(UnsafeNeighbourhoods(list: neighbours, ranges: ranges))
      }
    }
  }
}
