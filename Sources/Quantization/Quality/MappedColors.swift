/// How often each colour of an image is shown by each entry of a palette.
///
/// Without dithering every colour has one entry. With it a colour may have
/// several.
package struct MappedColors: Sendable {
  /// The entries.
  let palette: [Palette.Entry]

  /// The number of each pair's colour, in ascending order.
  let colors: [UInt32]

  /// The number of each pair's entry.
  let entries: [UInt16]

  /// How many pixels have each pair.
  package let counts: [UInt32]

  /// The pairs of an image that is not dithered.
  ///
  /// - Parameter assignment: The entry of each colour.
  /// - Complexity: O(colours).
  package init(_ assignment: ColorAssignment) {
    palette = assignment.palette.entries
    colors = Array(0..<UInt32(truncatingIfNeeded: assignment.histogram.count))
    entries = assignment.entries
    counts = assignment.histogram.counts
  }

  /// The pairs of an image whose pixels have any entries.
  ///
  /// - Parameters:
  ///   - numbers: The numbers of the pixels' colours.
  ///   - entriesOfPixels: The numbers of their entries.
  ///   - palette: The entries.
  ///   - histogram: The image's colours.
  /// - Complexity: O(pixels × log pixels of a colour).
  init(
    _ numbers: [UInt32], _ entriesOfPixels: [UInt16],
    _ palette: [Palette.Entry], _ histogram: ColorHistogram
  ) {
    // All entries of a colour beside each other.
    var sorted = [UInt16](repeating: 0, count: numbers.count)
    var ends = [0]
    for count in histogram.counts.dropLast() {
      ends.append(ends[ends.count - 1] + Int(count))
    }
    for (number, entry) in zip(numbers, entriesOfPixels) {
      sorted[ends[Int(number)]] = entry
      ends[Int(number)] += 1
    }
    var colors: [UInt32] = []
    var entries: [UInt16] = []
    var counts: [UInt32] = []
    for (n, count) in histogram.counts.enumerated() {
      var last: UInt16?
      for entry in sorted[ends[n] - Int(count)..<ends[n]].sorted() {
        if entry == last {
          counts[counts.count - 1] += 1
        } else {
          colors.append(UInt32(truncatingIfNeeded: n))
          entries.append(entry)
          counts.append(1)
          last = entry
        }
      }
    }
    self.palette = palette
    self.colors = colors
    self.entries = entries
    self.counts = counts
  }
}
