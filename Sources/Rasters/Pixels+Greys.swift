extension Pixels {
  /// Whether there are visible pixels, and red, green and blue are equal in all
  /// of them.
  ///
  /// - Complexity: O(pixels); it ends at the first pixel in colour.
  public var isGrey: Bool {
    switch self {
    case .eight(let raster):
      Self.areGrey(raster.samples, raster.channels)
    case .sixteen(let raster):
      Self.areGrey(raster.samples, raster.channels)
    }
  }

  private static func areGrey<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ channels: Raster.Channels
  ) -> Bool {
    let count = channels.count
    var isSeen = false
    for first in stride(from: 0, to: samples.count, by: count)
    where count == 3 || samples[first + 3] > 0 {
      isSeen = true
      guard samples[first] == samples[first + 1],
        samples[first] == samples[first + 2]
      else { return false }
    }
    return isSeen
  }
}
