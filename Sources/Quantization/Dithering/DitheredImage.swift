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
    let colors = palette.entries.map {
      SIMD4($0.color.red, $0.color.green, $0.color.blue, $0.alpha)
    }
    let channels: Raster.Channels = palette.alphas.isEmpty ? .rgb : .rgba
    let width = channels.count
    let samples = [UInt8](
      unsafeUninitializedCapacity: indices.count * width
    ) { buffer, filled in
      for (pixel, index) in indices.enumerated() {
        let color = colors[Int(index)]
        for d in 0..<width { buffer[width * pixel + d] = color[d] }
      }
      filled = indices.count * width
    }
    return Raster(size: size, channels: channels, samples: samples)
  }
}
