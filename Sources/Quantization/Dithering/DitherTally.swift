import ParallelWork

/// How often each entry is used in a dithered image, and how far its pixels are
/// from the original.
struct DitherTally: Sendable {
  /// Pixels of each entry.
  private(set) var counts: [Int]

  /// The summed squared distance in encoded samples.
  private(set) var squaredError = 0.0

  private let entries: [Palette.Entry]

  /// The points of the entries in encoded samples.
  private let shown: [SIMD4<Float>]

  /// Begins with no pixels.
  ///
  /// - Parameter entries: The entries that pixels have.
  init(_ entries: [Palette.Entry]) {
    self.entries = entries
    counts = [Int](repeating: 0, count: entries.count)
    let encoded = CompositeSpace.encoded
    shown = entries.map {
      SIMD4<Float>(encoded.point($0.color, alpha: $0.alpha))
    }
  }

  /// Adds bands; all of an image are to be added from the top to the bottom.
  ///
  /// - Parameters:
  ///   - bands: Their numbers.
  ///   - field: Their rows.
  ///   - indices: The entries of the field's pixels.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels of the bands).
  mutating func add(
    _ bands: Range<Int>, of field: DitherField,
    _ indices: SharedMemory<UInt16>, _ workers: Workers
  ) {
    let shown = shown
    let parts = workers.map(bands.count) { i in
      let rows = DitherBands.rows(bands.lowerBound + i, field.size)
      let start = indices.start + field.place(ofRow: rows.lowerBound)
      var counts = [Int](repeating: 0, count: shown.count)
      var squaredError = 0.0
      field.colors.encoded.withUnsafeBufferPointer { points in
        for (i, number) in field.numbers(ofRows: rows).enumerated() {
          let entry = Int(start[i])
          counts[entry] += 1
          let difference = points[Int(number)] - shown[entry]
          squaredError += Double((difference * difference).sum())
        }
      }
      return (counts: counts, squaredError: squaredError)
    }
    for part in parts {
      for j in counts.indices { counts[j] += part.counts[j] }
      squaredError += part.squaredError
    }
  }

  /// The palette: entries that pixels have, those of the same colour as one.
  ///
  /// - Parameter isFixed: Whether an entry is kept though no pixel has it.
  /// - Returns: The palette, and for each entry its place there.
  func palette(
    keeping isFixed: (Palette.Entry) -> Bool
  ) -> (palette: Palette, places: [UInt16]) {
    var counts = counts
    var first: [UInt64: Int] = [:]
    var merged: [Int] = []
    for (j, entry) in entries.enumerated() {
      let key = UInt64(entry.color.packed) << 8 | UInt64(entry.alpha)
      let same = first[key] ?? j
      first[key] = same
      merged.append(same)
      if same != j {
        counts[same] += counts[j]
        counts[j] = 0
      }
    }
    let kept = entries.indices.filter {
      merged[$0] == $0 && (counts[$0] > 0 || isFixed(entries[$0]))
    }.map { j in
      (
        old: j,
        entry: Palette.Entry(
          color: entries[j].color, alpha: entries[j].alpha,
          component: entries[j].component, count: counts[j])
      )
    }.sorted { $0.entry.isBefore($1.entry) }
    var places = [UInt16](repeating: 0, count: entries.count)
    for (place, element) in kept.enumerated() {
      places[element.old] = UInt16(truncatingIfNeeded: place)
    }
    for j in places.indices { places[j] = places[merged[j]] }
    return (Palette(entries: kept.map(\.entry)), places)
  }
}
