public import Rasters

/// Which pixels of an image count.
public struct PixelMask: Hashable, Sendable {
  /// Width and height.
  public let size: ImageSize

  /// Whether each pixel is inside, row by row.
  public let isInside: [Bool]

  /// The number of pixels inside.
  public let count: Int

  /// Takes a picture as a mask: pixels that are neither black nor fully transparent
  /// are inside.
  ///
  /// - Parameter pixels: The picture.
  /// - Complexity: O(pixels).
  public init(_ pixels: Pixels) {
    size = pixels.size
    switch pixels {
    case .eight(let raster):
      isInside = Self.inside(raster.samples, raster.channels.count)
    case .sixteen(let raster):
      isInside = Self.inside(raster.samples, raster.channels.count)
    }
    count = isInside.count(where: \.self)
  }

  private static func inside<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ channels: Int
  ) -> [Bool] {
    stride(from: 0, to: samples.count, by: channels).map { n in
      samples[n] | samples[n + 1] | samples[n + 2] > 0
        && (channels == 3 || samples[n + 3] > 0)
    }
  }
}
