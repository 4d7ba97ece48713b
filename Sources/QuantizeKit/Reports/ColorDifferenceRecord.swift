import ImageQuality

/// CIEDE2000 over the pixels of two images, as JSON files hold it.
public struct ColorDifferenceRecord: Codable, Hashable, Sendable {
  /// The mean.
  public let mean: Double

  /// The 95th percentile.
  public let p95: Double

  init(_ difference: ColorDifference) {
    mean = difference.mean
    p95 = difference.percentile95
  }
}
