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
  private let shown: [SIMD4<Double>]

  /// Begins with no pixels.
  ///
  /// - Parameter entries: The entries that pixels have.
  init(_ entries: [Palette.Entry]) {
    self.entries = entries
    counts = [Int](repeating: 0, count: entries.count)
    shown = entries.map {
      CompositeSpace.encoded.point($0.color, alpha: $0.alpha)
    }
  }

  /// What a band adds.
  struct Part: Sendable {
    fileprivate var counts: [Int]
    fileprivate var squaredError = 0.0
  }

  /// Counts a band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: Its rows.
  ///   - indices: The entries of the field's pixels.
  /// - Returns: What it adds.
  /// - Complexity: O(pixels of the band).
  func part(
    _ band: Int, of field: DitherField, _ indices: SharedMemory<UInt16>
  ) -> Part {
    let rows = DitherBands.rows(band, field.size)
    let start = indices.start + field.place(ofRow: rows.lowerBound)
    let count = rows.count * field.size.width
    let space = CompositeSpace.encoded
    let alpha = space.opaqueAlpha
    var part = Part(counts: [Int](repeating: 0, count: shown.count))
    part.counts.withUnsafeMutableBufferPointer { counts in
      shown.withUnsafeBufferPointer { shown in
        @inline(__always)
        func error(_ i: Int, _ point: SIMD4<Double>) -> Double {
          let entry = Int(start[i])
          counts[entry] += 1
          let difference = point - shown[entry]
          return (difference * difference).sum()
        }
        let ofSamples = field.withSamples(ofRows: rows) { samples in
          var sum = 0.0
          for i in 0..<count {
            let sample = samples + 3 * i
            sum += error(
              i,
              SIMD4(
                Double(sample[0]), Double(sample[1]), Double(sample[2]),
                alpha))
          }
          return sum
        }
        part.squaredError =
          ofSamples
          ?? field.colors.samples.withUnsafeBufferPointer { colors in
            let numbers = field.numbers(ofRows: rows)
            var sum = 0.0
            for i in 0..<count {
              sum += error(i, space.point(colors[Int(numbers[i])]))
            }
            return sum
          }
      }
    }
    return part
  }

  /// Adds bands; all of an image are to be added from the top to the bottom.
  mutating func add(_ parts: [Part]) {
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
