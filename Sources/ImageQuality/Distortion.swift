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
    self.init(
      first.size, first.channels, second.size, second.channels,
      zip(first.samples, second.samples).reduce(0) {
        $0 + Self.square(Double($1.0) - Double($1.1))
      })
  }

  /// Compares an opaque image of any depth with one of 8 bits.
  ///
  /// - Parameters:
  ///   - first: An image without alpha.
  ///   - second: An image without alpha of the same size.
  /// - Complexity: O(pixels).
  public init(of first: Pixels, _ second: Raster) {
    switch first {
    case .eight(let first): self.init(of: first, second)
    case .sixteen(let first):
      self.init(
        first.size, first.channels, second.size, second.channels,
        zip(first.samples, second.samples).reduce(0) {
          $0 + Self.square(Double($1.0) - 257 * Double($1.1))
        } / (257 * 257))
    }
  }

  private static func square(_ number: Double) -> Double { number * number }

  private init(
    _ size: ImageSize, _ channels: Raster.Channels, _ other: ImageSize,
    _ otherChannels: Raster.Channels, _ sum: Double
  ) {
    precondition(size == other)
    precondition(channels == .rgb && otherChannels == .rgb)
    self.init(squaredError: sum, pixels: size.pixelCount)
  }
}
