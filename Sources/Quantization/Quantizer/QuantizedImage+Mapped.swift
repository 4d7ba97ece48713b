public import Rasters

extension QuantizedImage.Mapped {
  /// The bytes as image files have them, row by row: a number for each pixel,
  /// or three or four samples, of 16 bits the higher byte first.
  public var bytes: [UInt8] {
    switch self {
    case .indexed(let image): image.indices
    case .colors(let raster): raster.samples
    case .deep(let raster): raster.fileBytes()
    }
  }

  /// The bytes of the first sample of each pixel of 16 bits: all of grey ones.
  package var greyBytes: [UInt8] {
    guard case .deep(let raster) = self else { return bytes }
    return raster.fileBytes(samplesOfPixel: 1)
  }

  /// The pixels as colours, in the depth that they have.
  ///
  /// - Complexity: O(pixels) of an indexed image, O(1) otherwise.
  public var pixels: Pixels {
    if case .deep(let raster) = self {
      .sixteen(raster)
    } else {
      .eight(raster())
    }
  }

  /// The pixels as colours of 8 bits a sample.
  ///
  /// - Returns: An image with alpha where the palette has any.
  /// - Complexity: O(pixels) of an indexed image, O(1) otherwise.
  public func raster() -> Raster {
    switch self {
    case .colors(let raster): raster
    case .deep(let raster): raster.rounded()
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
