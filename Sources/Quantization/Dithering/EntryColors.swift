/// The colours of opaque entries in encoded samples, to be found by them.
struct EntryColors: Sendable {
  /// Red, green and blue of each, ascending.
  let colors: [UInt32]

  /// The number of each one's entry.
  private let entries: [UInt16]

  /// Looks at entries.
  ///
  /// - Parameter points: Theirs in encoded samples, all opaque.
  /// - Complexity: O(entries × log entries).
  init(_ points: [SIMD4<Float>]) {
    let sorted = points.enumerated().map { entry, point in
      (
        color: UInt32(point.x) << 16 | UInt32(point.y) << 8 | UInt32(point.z),
        entry: entry
      )
    }.sorted { ($0.color, $0.entry) < ($1.color, $1.entry) }
    colors = sorted.map(\.color)
    entries = sorted.map { UInt16(truncatingIfNeeded: $0.entry) }
  }

  /// The entry of a colour, `nil` if none has it.
  ///
  /// - Complexity: O(log entries).
  func entry(of color: UInt32) -> UInt16? {
    var (low, high) = (0, colors.count)
    while low < high {
      let middle = (low + high) / 2
      if colors[middle] < color { low = middle + 1 } else { high = middle }
    }
    return low < colors.count && colors[low] == color ? entries[low] : nil
  }
}
