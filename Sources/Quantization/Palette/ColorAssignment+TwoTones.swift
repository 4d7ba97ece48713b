extension ColorAssignment {
  /// The largest mean squared distance of pixels from two entries, in squared
  /// distances of these from each other, of an image that has two colours
  /// itself. A gradient has 1/12, text with its edges has less than
  /// half of that, and photographs have more.
  private static let mostTwoTone = 0.04

  /// Whether the palette has two colours, and shows the image well by them.
  ///
  /// - Complexity: O(colours) for palettes of two.
  var isTwoTone: Bool {
    let seen = palette.entries.indices.filter { palette.entries[$0].alpha > 0 }
    guard seen.count == 2 else { return false }
    let points = palette.entries.map { space.point($0.color, alpha: $0.alpha) }
    func squared(_ difference: SIMD4<Double>) -> Double {
      (difference * difference).sum()
    }
    var (sum, pixels) = (0.0, 0.0)
    for n in histogram.visible {
      let count = Double(histogram.counts[n])
      let entry = points[Int(entries[n])]
      sum += count * squared(histogram.point(n, in: space) - entry)
      pixels += count
    }
    return sum
      < Self.mostTwoTone * pixels * squared(points[seen[0]] - points[seen[1]])
  }
}
