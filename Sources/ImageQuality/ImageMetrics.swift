public import ColorModels
public import ParallelWork
public import Rasters

/// How far an image is from its original, in all measures there are.
///
/// Where one of the two has alpha, both are shown on a black, a mid-grey
/// (127.5) and a white background, blended as they are encoded, and each
/// measure is the average over the three; a pixel's ΔE₀₀ is averaged before the
/// percentile is taken. docs/metrics.md has the definitions.
public struct ImageMetrics: Hashable, Sendable {
  /// Mean squared error and PSNR in sRGB.
  public let distortion: Distortion

  /// SSIM with a Gaussian window of 11 x 11 pixels, the mean over red, green
  /// and blue and over all places where the window is inside the image: −1 to
  /// 1, and 1 only where nothing differs. `nil` where a side has fewer than 11
  /// pixels.
  public let structuralSimilarity: Double?

  /// CIEDE2000.
  public let colorDifference: ColorDifference

  /// The squared distance in Oklab a pixel, summed over the three coordinates;
  /// L is 0 to 1.
  public let oklabMeanSquaredError: Double

  /// Compares two images.
  ///
  /// - Parameters:
  ///   - image: An image.
  ///   - original: What it should look like.
  ///   - gamut: What the samples of both look like at their greatest; says how
  ///     colours are seen, for CIEDE2000 and Oklab.
  ///   - workers: The threads to use; the results do not depend on them.
  /// - Throws: `MetricsError.sizesDiffer`.
  /// - Complexity: O(pixels), and some 0.4 µs for each pair of colours that
  ///   was not met shortly before; three times that with alpha. 4 bytes of
  ///   memory a pixel, and for each thread 1 kB a column and 3 MB.
  public init(
    of image: Pixels, against original: Pixels, in gamut: RGBGamut = .sRGB,
    workers: Workers
  ) throws(MetricsError) {
    guard image.size == original.size else {
      throw .sizesDiffer(original.size, image.size)
    }
    let backdrop = Backdrop(original, image, gamut: gamut)
    let colors = WorkMeter.part(0...0.7) {
      ColorComparison(original, image, on: backdrop, workers: workers)
    }
    distortion = Distortion(
      squaredError: colors.squaredError, pixels: original.size.pixelCount)
    colorDifference = colors.colorDifference
    oklabMeanSquaredError = colors.oklabMeanSquaredError
    structuralSimilarity = WorkMeter.part(0.7...1) {
      StructuralSimilarity.mean(
        of: original, image, on: backdrop, workers: workers)
    }
  }
}
