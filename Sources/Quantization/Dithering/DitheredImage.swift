public import Rasters

/// An image that was dithered.
public struct DitheredImage: Sendable {
  /// The colours, with how many pixels have each.
  public let palette: Palette

  /// The number of each pixel's entry, row by row.
  package let indices: [UInt16]

  /// The image's size.
  public let size: ImageSize

  /// The summed squared distance of all pixels from their entries in encoded
  /// samples, as `ColorAssignment.squaredError`.
  public let squaredError: Double

  /// How many rounds of fitting the palette to the dithering were kept.
  public let rounds: Int

  /// The numbers as an image of its own, where there are at most 256 entries.
  public func indexed() -> IndexedImage? {
    guard palette.entries.count <= PaletteSize.mostIndexed else { return nil }
    return IndexedImage(
      size: size, palette: palette.colors, alphas: palette.alphas,
      indices: indices.map { UInt8(truncatingIfNeeded: $0) })
  }

  /// The pixels as colours, with alpha where an entry is not opaque.
  public func mapped() -> Raster {
    PaletteSamples(palette).raster(indices, size: size)
  }
}
