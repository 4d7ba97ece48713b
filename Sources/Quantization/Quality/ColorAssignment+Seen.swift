package import ImageQuality

extension ColorAssignment {
  /// The part of the visible pixels that one colour counts for at most.
  private static let largestPart = 60.0

  /// How often a translucent pixel counts: glows, shadows and soft edges are
  /// where steps show, on every ground.
  private static let translucentWeight = 2.0

  /// The error of what is seen.
  ///
  /// Pixels are shown on black and on white, and the worse of the two counts.
  /// Fully transparent pixels do not count, translucent ones count twice, and no
  /// colour counts for more than a sixtieth of the visible pixels: the ground of
  /// a page, which costs nothing to keep, would hide any error in its text, and a
  /// flat icon those in its glow. Of photographs, whose colours are all rarer, it
  /// is the error of all pixels.
  ///
  /// - Returns: The error in encoded samples, summed over the channels.
  /// - Complexity: O(colours).
  package func seenDistortion() -> Distortion {
    let encoded = CompositeSpace.encoded
    let points = palette.entries.map {
      encoded.point($0.color, alpha: $0.alpha)
    }
    let visible = histogram.visible.reduce(0) {
      $0 + Int(histogram.counts[$1])
    }
    let most = max(1, Double(visible) / Self.largestPart)
    var sum = 0.0
    var weights = 0.0
    for n in histogram.visible {
      let color = histogram.color(n)
      let weight =
        min(most, Double(histogram.counts[n]))
        * (color.w < .max ? Self.translucentWeight : 1)
      let difference = encoded.point(color) - points[Int(entries[n])]
      sum += weight * difference.worseOfGrounds
      weights += weight
    }
    return Distortion(squaredError: weights > 0 ? sum / weights : 0, pixels: 1)
  }
}

extension SIMD4<Double> {
  /// The squared length of a difference of two points of encoded samples, on
  /// black or on white, whichever shows more.
  ///
  /// With Δ(α p) − Δα w/2 in the first three coordinates and Δα |w|/√6 in the
  /// last, it is |Δ(α p)|² on black and |Δ(α p) − Δα w|² on white.
  fileprivate var worseOfGrounds: Double {
    let color = SIMD3(x, y, z)
    let shift = SIMD3(repeating: w / 2.0.squareRoot())
    let black = color + shift
    let white = color - shift
    return Swift.max((black * black).sum(), (white * white).sum())
  }
}
