import Rasters

/// The samples of a palette's entries, of 8 or 16 bits, to paint pixels with.
struct PaletteSamples<Sample: SIMDScalar & Sendable>: Sendable
where Sample.SIMD4Storage: Sendable {
  /// Which samples a pixel has: alpha where an entry is not opaque.
  let channels: Raster.Channels

  private let colors: [SIMD4<Sample>]

  /// Writes the samples of a pixel.
  ///
  /// - Parameters:
  ///   - entry: The number of its entry.
  ///   - pixel: The number of the pixel.
  ///   - samples: Memory for all pixels.
  @inline(__always)
  func write(
    _ entry: Int, ofPixel pixel: Int, to samples: UnsafeMutablePointer<Sample>
  ) {
    let color = colors[entry]
    let width = channels.count
    for d in 0..<width { samples[width * pixel + d] = color[d] }
  }
}

extension PaletteSamples<UInt16> {
  /// Takes the colours of a palette, in 16 bits.
  init(_ palette: Palette) {
    colors = palette.entries.map(\.deep)
    channels = palette.alphas.isEmpty ? .rgb : .rgba
  }
}

extension PaletteSamples<UInt8> {
  /// Takes the colours of a palette.
  init(_ palette: Palette) {
    colors = palette.entries.map {
      SIMD4($0.color.red, $0.color.green, $0.color.blue, $0.alpha)
    }
    channels = palette.alphas.isEmpty ? .rgb : .rgba
  }

  /// Takes the colours of an indexed image.
  init(_ image: IndexedImage) {
    colors = image.palette.enumerated().map { n, color in
      SIMD4(
        color.red, color.green, color.blue,
        n < image.alphas.count ? image.alphas[n] : 255)
    }
    channels = image.alphas.isEmpty ? .rgb : .rgba
  }

  /// An image of pixels by the numbers of their entries.
  ///
  /// - Parameters:
  ///   - entries: A number for each pixel, row by row.
  ///   - size: Width and height.
  /// - Returns: The image, with alpha where an entry is not opaque.
  /// - Complexity: O(pixels).
  func raster<Entry: FixedWidthInteger>(
    _ entries: [Entry], size: ImageSize
  ) -> Raster {
    let samples = [UInt8](
      unsafeUninitializedCapacity: entries.count * channels.count
    ) { buffer, filled in
      filled = buffer.count
      guard let start = buffer.baseAddress else { return }
      for (pixel, entry) in entries.enumerated() {
        write(Int(entry), ofPixel: pixel, to: start)
      }
    }
    return Raster(size: size, channels: channels, samples: samples)
  }
}
