import Rasters
import Regions

/// A part of an image.
struct PixelBox {
  /// The columns left of it.
  let left: Int

  /// The rows above it.
  let top: Int

  /// Its own width and height.
  let size: ImageSize

  /// The elements of the part.
  ///
  /// - Parameters:
  ///   - elements: Those of all pixels, or of several a pixel.
  ///   - width: The pixels in a row.
  ///   - count: The elements of a pixel.
  /// - Returns: The elements of its pixels, row by row.
  func cropped<Element>(
    _ elements: [Element], _ width: Int, count: Int = 1
  ) -> [Element] {
    var part: [Element] = []
    part.reserveCapacity(size.pixelCount * count)
    for y in top..<top + size.height {
      let start = (y * width + left) * count
      part += elements[start..<start + size.width * count]
    }
    return part
  }

  /// The part of a picture.
  func cropped(_ raster: Raster) -> Raster {
    Raster(
      size: size, channels: raster.channels,
      samples: cropped(
        raster.samples, raster.size.width, count: raster.channels.count))
  }

  /// A map of the part as one of the image, with 0 around it.
  func placed(_ map: LabelMap, in whole: ImageSize) -> LabelMap {
    var labels = [Int32](repeating: 0, count: whole.pixelCount)
    for y in 0..<size.height {
      let start = (top + y) * whole.width + left
      labels.replaceSubrange(
        start..<start + size.width,
        with: map.labels[y * size.width..<(y + 1) * size.width])
    }
    return LabelMap(size: whole, labels: labels, count: map.count)
  }
}
