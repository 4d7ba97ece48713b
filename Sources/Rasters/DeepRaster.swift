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
  /// The samples as image files have them, the higher byte of each first.
  ///
  /// - Parameter count: How many of the samples of a pixel, from the first on;
  ///   `nil` is all.
  /// - Returns: Two bytes a sample, row by row.
  /// - Complexity: O(pixels).
  package func fileBytes(samplesOfPixel count: Int? = nil) -> [UInt8] {
    let width = channels.count
    let count = min(width, count ?? width)
    let bytes = 2 * count * size.pixelCount
    return [UInt8](unsafeUninitializedCapacity: bytes) { buffer, filled in
      var place = 0
      for first in stride(from: 0, to: samples.count, by: width) {
        for sample in samples[first..<first + count] {
          buffer[place] = UInt8(truncatingIfNeeded: sample >> 8)
          buffer[place + 1] = UInt8(truncatingIfNeeded: sample)
          place += 2
        }
      }
      filled = place
    }
  }

  /// The image in 8 bits a sample: each the nearest to its value.
  ///
  /// - Complexity: O(pixels).
  public func rounded() -> Raster {
    Raster(
      size: size, channels: channels,
      samples: samples.map { UInt8(truncatingIfNeeded: (Int($0) + 128) / 257) })
  }
}
