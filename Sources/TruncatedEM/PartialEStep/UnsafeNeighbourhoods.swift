/// The storage of `Neighbourhoods`, as the passes read it.
struct UnsafeNeighbourhoods {
  /// Component after component.
  let list: UnsafeBufferPointer<Neighbourhoods.Neighbour>

  /// One range a component.
  let ranges: UnsafeBufferPointer<Range<Int>>

  /// The neighbours of a component, nearest first.
  @inline(__always)
  func neighbours(
    of component: Int
  ) -> UnsafeBufferPointer<Neighbourhoods.Neighbour> {
    UnsafeBufferPointer(rebasing: list[ranges[component]])
  }
}
