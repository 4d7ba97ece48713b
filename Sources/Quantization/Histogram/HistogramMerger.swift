/// Adds up the colours of many images.
///
/// Memory grows with the distinct colours, not with the images. The result
/// depends on the order of the images only where they have weights, whose sums
/// are rounded.
public struct HistogramMerger: Sendable {
  /// The histograms added so far, larger ones first, as in a merge sort.
  private var stack: [ColorHistogram] = []

  /// Nothing added yet.
  public init() {}

  /// Adds the colours of an image.
  ///
  /// - Parameter histogram: The colours, with their weights.
  /// - Complexity: O(colours × log images) over all images.
  public mutating func add(_ histogram: ColorHistogram) {
    var sum = histogram
    while let last = stack.last, last.count <= 2 * sum.count {
      sum = last.merged(with: sum)
      stack.removeLast()
    }
    stack.append(sum)
  }

  /// The colours of all images; `nil` where there are none.
  ///
  /// - Complexity: O(colours).
  public func merged() -> ColorHistogram? {
    guard let last = stack.last else { return nil }
    return stack.dropLast().reversed().reduce(last) { $1.merged(with: $0) }
  }
}

extension ColorHistogram {
  /// The colours of two images.
  ///
  /// - Parameter other: The other's.
  /// - Returns: Counts are added, up to the largest that there can be.
  fileprivate func merged(with other: ColorHistogram) -> ColorHistogram {
    let layout = layout.bits >= other.layout.bits ? layout : other.layout
    let codes = (self.codes(in: layout), other.codes(in: layout))
    let isWeighted = weights != nil || other.weights != nil
    let (pixels, overflows) = pixelCount.addingReportingOverflow(
      other.pixelCount)
    var sum = ColorHistogram.Parts(
      layout: layout, pixelCount: overflows ? .max : pixels,
      hasTransparent: hasTransparent || other.hasTransparent,
      hasTranslucent: hasTranslucent || other.hasTranslucent)
    sum.codes.reserveCapacity(max(codes.0.count, codes.1.count))
    var weights: [Double] = []
    var (a, b) = (0, 0)
    while a < codes.0.count || b < codes.1.count {
      let first = a < codes.0.count ? codes.0[a] : nil
      let second = b < codes.1.count ? codes.1[b] : nil
      let code = min(first ?? .max, second ?? .max)
      var (count, weight) = (UInt32(0), 0.0)
      if first == code {
        count = counts[a]
        weight = self.weight(a)
        a += 1
      }
      if second == code {
        let (total, overflows) = count.addingReportingOverflow(other.counts[b])
        count = overflows ? .max : total
        weight += other.weight(b)
        b += 1
      }
      sum.codes.append(code)
      sum.counts.append(count)
      if isWeighted { weights.append(weight) }
    }
    if isWeighted { sum.weights = weights }
    return ColorHistogram(sum)
  }

  /// The codes in a layout with as much room or more: their order is the same.
  private func codes(in wanted: ColorLayout) -> [UInt64] {
    guard wanted != layout else { return codes }
    return codes.enumerated().map { n, code in
      // Complete transparency is number 0 in the only layout that has it.
      wanted.code(of: color(n))
    }
  }
}
