import Metrics

extension ColorAssignment {
  /// The part of the pixels that one colour counts for at most.
  private static let largestPart = 10

  /// The error of what is seen: fully transparent pixels do not count, and no
  /// colour counts for more than a tenth of the image.
  ///
  /// Without that, an icon on a transparent ground or a page with a white one
  /// would be good with a handful of colours, however poor its few other pixels
  /// are. libimagequant bounds the weight of a colour at the same part. Of
  /// photographs, whose colours are all rarer, it is the error of all pixels.
  ///
  /// - Returns: The error in encoded samples.
  /// - Complexity: O(colours).
  func visibleDistortion() -> Distortion {
    let most = UInt32(max(1, histogram.pixelCount / Self.largestPart))
    let visible = histogram.visible
    guard
      visible.contains(where: { histogram.counts[$0] > most })
        || histogram.hasTransparent
    else {
      return Distortion(
        squaredError: squaredError, pixels: histogram.pixelCount)
    }
    let encoded = CompositeSpace.encoded
    let points = palette.entries.map {
      encoded.point($0.color, alpha: $0.alpha)
    }
    var sum = 0.0
    var pixels = 0
    for n in visible {
      let count = Int(min(most, histogram.counts[n]))
      let difference =
        encoded.point(histogram.color(n)) - points[Int(entries[n])]
      sum += Double(count) * (difference * difference).sum()
      pixels += count
    }
    return Distortion(squaredError: sum, pixels: max(1, pixels))
  }
}
