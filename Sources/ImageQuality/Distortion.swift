import CLibrary
public import Rasters

/// How far an image is from another, by the convention of the literature on
/// colour quantisation (M. E. Celebi, "Improving the performance of k-means
/// for color quantization", Image and Vision Computing 2011, section 4): the
/// squared error is summed over the three channels and divided by the number
/// of pixels.
public struct Distortion: Hashable, Sendable {
  /// The squared error a pixel, in 8-bit sRGB units squared: 0 to 3·255². With
  /// alpha it is the mean of those on a black, a grey and a white background.
  public let meanSquaredError: Double

  /// 10 log₁₀(3·255² / MSE) in decibels; infinite for equal images.
  public var peakSignalToNoiseRatio: Double {
    10 * log10(3 * 255 * 255 / meanSquaredError)
  }

  /// Creates a distortion from the summed squared error of all pixels.
  public init(squaredError: Double, pixels: Int) {
    meanSquaredError = squaredError / Double(pixels)
  }

  /// Compares two opaque images.
  ///
  /// - Parameters:
  ///   - first: An image without alpha.
  ///   - second: An image without alpha of the same size.
  /// - Complexity: O(pixels).
  public init(of first: Raster, _ second: Raster) {
    precondition(first.size == second.size)
    precondition(first.channels == .rgb && second.channels == .rgb)
    var sum = 0
    for (a, b) in zip(first.samples, second.samples) {
      let difference = Int(a) - Int(b)
      sum += difference * difference
    }
    self.init(squaredError: Double(sum), pixels: first.size.pixelCount)
  }
}
