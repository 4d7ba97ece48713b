/// A decoded image of 16-bit samples, laid out as a ``Raster`` is and encoded
/// by the same transfer function: 257 units here are one there.
public struct DeepRaster: Sendable {
  /// Width and height.
  public let size: ImageSize

  /// Which samples a pixel has; alpha is not premultiplied, 65,535 is opaque.
  public let channels: Raster.Channels

  /// All samples, `size.pixelCount * channels.count` of them.
  public let samples: [UInt16]

  /// Creates a raster from its samples.
  ///
  /// - Precondition: `samples` holds exactly one sample for each channel of
  ///   each pixel.
  public init(
    size: ImageSize, channels: Raster.Channels, samples: [UInt16]
  ) {
    precondition(samples.count == size.pixelCount * channels.count)
    self.size = size
    self.channels = channels
    self.samples = samples
  }
}

extension DeepRaster {
  /// The image in 8 bits a sample: each the nearest to its value.
  ///
  /// - Complexity: O(pixels).
  public func rounded() -> Raster {
    Raster(
      size: size, channels: channels,
      samples: samples.map { UInt8(truncatingIfNeeded: (Int($0) + 128) / 257) })
  }
}
