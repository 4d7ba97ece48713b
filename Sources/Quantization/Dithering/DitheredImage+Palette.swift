import ParallelWork
import Rasters

extension DitheredImage {
  /// Counts the pixels of entries, puts those that there are in the order of a
  /// palette, and measures.
  ///
  /// - Parameters:
  ///   - indices: Numbers of entries.
  ///   - entries: Candidates.
  ///   - field: The image.
  ///   - histogram: Its colours.
  ///   - isFixed: Whether an entry is kept though no pixel has it.
  ///   - rounds: Rounds that were kept.
  ///   - workers: The threads to use.
  init(
    _ indices: [UInt16], _ entries: [Palette.Entry], _ field: DitherField,
    _ histogram: ColorHistogram, isFixed: (Palette.Entry) -> Bool,
    rounds: Int, _ workers: Workers
  ) {
    let size = field.size
    let width = size.width
    let encoded = CompositeSpace.encoded
    let shown = entries.map {
      SIMD4<Float>(encoded.point($0.color, alpha: $0.alpha))
    }
    // Colour by colour, not pixel by pixel: there are fewer.
    let points =
      histogram.space.working == .srgb
      ? field.points : DitherField.points(of: histogram, in: encoded, workers)
    let parts = workers.map(DitherBands.count(size)) { band in
      let rows = DitherBands.rows(band, size)
      let numbers = field.numbers(ofRows: rows)
      var counts = [Int](repeating: 0, count: entries.count)
      var squaredError = 0.0
      indices.withUnsafeBufferPointer { indices in
        points.withUnsafeBufferPointer { points in
          for (i, number) in numbers.enumerated() {
            let entry = Int(indices[rows.lowerBound * width + i])
            counts[entry] += 1
            let difference = points[Int(number)] - shown[entry]
            squaredError += Double((difference * difference).sum())
          }
        }
      }
      return (counts: counts, squaredError: squaredError)
    }
    var counts = [Int](repeating: 0, count: entries.count)
    for part in parts {
      for j in counts.indices { counts[j] += part.counts[j] }
    }
    // Entries of the same colour become one.
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
    self.init(
      palette: Palette(entries: kept.map(\.entry)),
      indices: indices.map { places[Int($0)] }, size: size,
      squaredError: parts.reduce(0) { $0 + $1.squaredError }, rounds: rounds)
  }
}
