public import ColorModels
public import ParallelWork
public import Rasters

/// CIEDE2000 over the pixels of two images.
public struct ColorDifference: Hashable, Sendable {
  /// The mean, 0 or greater; 0 only where nothing differs.
  public let mean: Double

  /// The 95th percentile: interpolated between the two pixels at rank
  /// 0.95 (n − 1), counted from 0; each pixel's difference is rounded to single
  /// precision.
  public let percentile95: Double

  /// Puts together what is known of all pixels.
  ///
  /// - Parameters:
  ///   - sums: Of parts of the image.
  ///   - ofPixels: Every pixel's.
  init(sums: [Double], ofPixels: [Float]) {
    mean = sums.reduce(0, +) / Double(ofPixels.count)
    percentile95 = OrderStatistics.quantile(0.95, of: ofPixels)
  }

  /// Compares two images, as ``ImageMetrics`` does.
  ///
  /// - Parameters:
  ///   - image: An image.
  ///   - original: What it should look like.
  ///   - gamut: What the samples of both look like at their greatest.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Throws: `MetricsError.sizesDiffer`.
  /// - Complexity: That of ``ImageMetrics`` without SSIM.
  public init(
    of image: Pixels, against original: Pixels, in gamut: RGBGamut = .sRGB,
    workers: Workers
  ) throws(MetricsError) {
    guard image.size == original.size else {
      throw .sizesDiffer(original.size, image.size)
    }
    self =
      ColorComparison(
        original, image, on: Backdrop(original, image, gamut: gamut),
        workers: workers
      ).colorDifference
  }
}
