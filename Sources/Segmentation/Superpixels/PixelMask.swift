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

  private init(size: ImageSize, isInside: [Bool]) {
    self.size = size
    self.isInside = isInside
    count = isInside.count(where: \.self)
  }

  /// The least part of the image that has all pixels inside, and those beside them,
  /// which a filter of 3 × 3 pixels reads; all of the image for an empty mask.
  var box: PixelBox {
    let (width, height) = (size.width, size.height)
    var (left, right, top, bottom) = (width, 0, height, 0)
    for y in 0..<height {
      for x in 0..<width where isInside[y * width + x] {
        (left, right) = (min(left, x), max(right, x))
        (top, bottom) = (min(top, y), max(bottom, y))
      }
    }
    (left, top) = (max(0, left - 1), max(0, top - 1))
    (right, bottom) = (min(width, right + 2), min(height, bottom + 2))
    let part = ImageSize(width: right - left, height: bottom - top)
    return part.map { PixelBox(left: left, top: top, size: $0) }
      ?? PixelBox(left: 0, top: 0, size: size)
  }

  /// The part of a mask in a box.
  func cropped(to box: PixelBox) -> PixelMask {
    PixelMask(size: box.size, isInside: box.cropped(isInside, size.width))
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
