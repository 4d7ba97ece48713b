public import Rasters

extension QuantizedImage.Mapped {
  /// The bytes as image files have them, row by row: a number for each pixel,
  /// or three or four samples.
  public var bytes: [UInt8] {
    switch self {
    case .indexed(let image): image.indices
    case .colors(let raster): raster.samples
    }
  }

  /// The pixels as colours.
  ///
  /// - Returns: An image with alpha where the palette has any.
  /// - Complexity: O(pixels) of an indexed image, O(1) otherwise.
  public func raster() -> Raster {
    switch self {
    case .colors(let raster): raster
    case .indexed(let image):
      PaletteSamples(image).raster(image.indices, size: image.size)
    }
  }
}

extension Palette {
  /// Pixels by the numbers of their entries: indexed where there are at most
  /// 256 entries, or else their colours.
  ///
  /// - Complexity: O(pixels).
  package func mapped(
    _ entries: [UInt16], size: ImageSize
  ) -> QuantizedImage.Mapped {
    guard self.entries.count <= PaletteSize.mostIndexed else {
      return .colors(PaletteSamples(self).raster(entries, size: size))
    }
    return .indexed(
      IndexedImage(
        size: size, palette: colors, alphas: alphas,
        indices: entries.map { UInt8(truncatingIfNeeded: $0) }))
  }
}
