/// A decoded image: 8-bit samples, encoded as sRGB (IEC 61966-2-1).
///
/// Rows run from the top to the bottom, pixels in a row from left to right,
/// and the samples of a pixel stand beside each other: sample `s` of the pixel
/// in column `x` of row `y` is `samples[(y * width + x) * channels.count + s]`.
public struct Raster: Sendable {
  /// Which samples a pixel has.
  public enum Channels: Sendable {
    /// Red, green, blue.
    case rgb

    /// Red, green, blue, and alpha that is not premultiplied: 0 is transparent,
    /// 255 opaque.
    case rgba

    /// The number of samples in a pixel, 3 or 4.
    public var count: Int { self == .rgb ? 3 : 4 }
  }

  /// Width and height.
  public let size: ImageSize

  /// Which samples a pixel has.
  public let channels: Channels

  /// All samples, `size.pixelCount * channels.count` of them.
  public let samples: [UInt8]

  /// Creates a raster from its samples.
  ///
  /// - Precondition: `samples` holds exactly one sample for each channel of
  ///   each pixel.
  public init(size: ImageSize, channels: Channels, samples: [UInt8]) {
    precondition(samples.count == size.pixelCount * channels.count)
    self.size = size
    self.channels = channels
    self.samples = samples
  }
}
