public import Rasters
public import Regions

extension LabelMap {
  /// A picture with the boundaries of the segments drawn on it.
  ///
  /// - Parameters:
  ///   - raster: The picture.
  ///   - color: The colour of pixels whose right or lower neighbour has another
  ///     label; they become opaque.
  /// - Returns: As many pixels and channels.
  /// - Precondition: The picture has the size of the map.
  /// - Complexity: O(pixels).
  public func overlay(on raster: Raster, color: RGBColor) -> Raster {
    precondition(raster.size == size)
    var samples = raster.samples
    let channels = raster.channels.count
    let ink = [color.red, color.green, color.blue, 255]
    for y in 0..<size.height {
      for x in 0..<size.width {
        let n = y * size.width + x
        let isBoundary =
          (x + 1 < size.width && labels[n + 1] != labels[n])
          || ((y + 1) % pageHeight != 0 && labels[n + size.width] != labels[n])
        guard isBoundary else { continue }
        for d in 0..<channels { samples[n * channels + d] = ink[d] }
      }
    }
    return Raster(size: size, channels: raster.channels, samples: samples)
  }
}
