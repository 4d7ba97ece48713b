import ImageFormats
import ParallelWork
public import Rasters

/// A picture of a report: a PNG of at most so many pixels.
public struct ComparisonPicture: Sendable {
  /// The PNG.
  public let png: [UInt8]

  /// Width and height, in pixels of the PNG.
  public let size: ImageSize

  /// A small one with the same proportions, for contact sheets.
  public let thumbnail: Raster

  /// Pixels of the longer side of a thumbnail.
  public static let thumbnailSide = 240

  /// Makes a picture of an image.
  ///
  /// - Parameters:
  ///   - raster: The image.
  ///   - scale: The sides of the picture.
  ///   - file: The image as a PNG, if it is there already; it is taken where
  ///     nothing is reduced.
  /// - Throws: `EncodeError`.
  /// - Complexity: O(pixels).
  init(
    of raster: Raster, _ scale: PictureScale, file: [UInt8]? = nil
  ) throws(EncodeError) {
    let reduced = scale.reduced(raster)
    size = reduced.size
    if scale.factor == 1, let file {
      png = file
    } else {
      png = try PNGEncoder(compressionLevel: 6).encode(reduced)
    }
    thumbnail = PictureScale(
      raster.size, side: Self.thumbnailSide
    ).reduced(raster)
  }

  /// Makes a picture of levels.
  ///
  /// - Parameters:
  ///   - image: Numbers of a palette whose order is that of a quantity, so that
  ///     neighbours can be averaged.
  ///   - scale: The sides of the picture.
  /// - Throws: `EncodeError`.
  /// - Complexity: O(pixels).
  init(
    ofLevels image: IndexedImage, _ scale: PictureScale
  ) throws(EncodeError) {
    let reduced = scale.reduced(image)
    size = reduced.size
    png = try PNGEncoder(compressionLevel: 6).encode(reduced)
    thumbnail = Raster(size: ImageSize.one, channels: .rgb, samples: [0, 0, 0])
  }
}

extension ImageSize {
  /// A single pixel.
  fileprivate static var one: ImageSize {
    guard let size = ImageSize(width: 1, height: 1) else {
      preconditionFailure("one pixel is a size")
    }
    return size
  }
}
