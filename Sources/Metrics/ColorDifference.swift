/// CIEDE2000 over the pixels of two images.
public struct ColorDifference: Hashable, Sendable {
  /// The mean, 0 or greater; 0 only where nothing differs.
  public let mean: Double

  /// The 95th percentile: interpolated between the two pixels at rank
  /// 0.95 (n − 1), counted from 0; each pixel's difference is rounded to single
  /// precision.
  public let percentile95: Double
}
