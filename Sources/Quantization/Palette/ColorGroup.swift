/// Colours of an image that are close together, as one point.
struct ColorGroup {
  /// The weighted mean in the working space.
  let point: SIMD4<Double>

  /// How much they count together.
  let weight: Double

  /// Whether all of them are opaque.
  let isOpaque: Bool

  /// The colours of an image as at most so many groups: those with the same
  /// leading bits of the Z-order curve, or single colours where they are few
  /// enough.
  ///
  /// - Complexity: O(colours) for each bit that is left out.
  static func groups(of image: ColorPoints, most: Int) -> [ColorGroup] {
    let histogram = image.histogram
    let visible = histogram.visible
    var shift: UInt64 = 0
    func count() -> Int {
      var groups = 0
      var last: UInt64?
      for n in visible {
        let key = histogram.codes[n] >> shift
        if key != last { groups += 1 }
        last = key
      }
      return groups
    }
    while count() > most { shift += 1 }
    var groups: [ColorGroup] = []
    var sum = SIMD4<Double>()
    var weight = 0.0
    var isOpaque = true
    var last: UInt64?
    func finish() {
      guard weight > 0 else { return }
      groups.append(
        ColorGroup(point: sum / weight, weight: weight, isOpaque: isOpaque))
    }
    for n in visible {
      let key = histogram.codes[n] >> shift
      if key != last {
        finish()
        (sum, weight, isOpaque, last) = (SIMD4(), 0, true, key)
      }
      let share = histogram.weight(n)
      sum += histogram.point(n, in: image.space) * share
      weight += share
      isOpaque = isOpaque && histogram.color(n).w == .max
    }
    finish()
    return groups
  }
}
