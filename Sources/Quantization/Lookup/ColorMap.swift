public import ParallelWork
public import Rasters

/// Maps pixels to the palette entries of their colours.
///
/// A pixel's colour is looked up among the distinct colours (`CubeLookup`,
/// `RankLookup`), so a pixel costs the same whatever the number of colours in
/// the palette.
public struct ColorMap: Sendable {
  /// Finds the entry of a colour.
  private enum Lookup: Sendable {
    case narrow(CubeLookup<UInt8>)
    case wide(CubeLookup<UInt16>)
    case ranks(RankLookup<UInt16>)
  }

  /// How the image's colours are numbered.
  private let layout: ColorLayout

  private let lookup: Lookup

  private let palette: Palette

  /// Prepares to map the pixels of an image.
  ///
  /// - Parameter assignment: Which entry each of its colours is mapped to.
  /// - Complexity: O(colours).
  public init(_ assignment: ColorAssignment) {
    self.init(assignment.histogram, assignment.entries, assignment.palette)
  }

  /// Prepares to paint the pixels of an image by their colours.
  ///
  /// - Parameters:
  ///   - histogram: The image's colours.
  ///   - entries: For each of them the number of its paint.
  ///   - colors: The paints, all opaque.
  /// - Precondition: There is an entry for each colour of the histogram, and a
  ///   colour for each entry.
  package init(
    _ histogram: ColorHistogram, entries: [UInt16], colors: [RGBColor]
  ) {
    precondition(entries.count == histogram.count)
    precondition(entries.allSatisfy { Int($0) < colors.count })
    let palette = Palette(
      entries: colors.map {
        Palette.Entry(color: $0, alpha: 255, component: nil, count: 0)
      })
    self.init(histogram, entries, palette)
  }

  private init(
    _ histogram: ColorHistogram, _ entries: [UInt16], _ palette: Palette
  ) {
    layout = histogram.layout
    self.palette = palette
    lookup =
      if layout != .rgb8 {
        .ranks(RankLookup(histogram.codes, entries, bits: layout.bits))
      } else if palette.entries.count <= PaletteSize.mostIndexed {
        .narrow(CubeLookup(histogram.codes, entries))
      } else {
        .wide(CubeLookup(histogram.codes, entries))
      }
  }

  /// The image with its colours replaced by numbers of palette entries.
  ///
  /// - Parameters:
  ///   - pixels: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: The indexed image, or `nil` when the palette has more than 256
  ///   colours.
  /// - Complexity: O(pixels + colours); O(pixels × log colours) with alpha or
  ///   16 bits a sample.
  public func indexed(_ pixels: Pixels, workers: Workers) -> IndexedImage? {
    guard palette.entries.count <= PaletteSize.mostIndexed else { return nil }
    let indices = [UInt8](
      unsafeUninitializedCapacity: pixels.size.pixelCount
    ) { buffer, count in
      let indices = SharedMemory(buffer)
      forEachEntry(of: pixels, as: UInt8.self, workers) { pixel, entry in
        indices.start[pixel] = entry
      }
      count = buffer.count
    }
    return IndexedImage(
      size: pixels.size, palette: palette.colors, alphas: palette.alphas,
      indices: indices)
  }

  /// The image with its colours replaced by those of the palette.
  ///
  /// - Parameters:
  ///   - pixels: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: An image of the same size, with alpha where an entry is not
  ///   opaque.
  /// - Complexity: As ``indexed(_:workers:)``.
  public func mapped(_ pixels: Pixels, workers: Workers) -> Raster {
    let colors = PaletteSamples<UInt8>(palette)
    return Raster(
      size: pixels.size, channels: colors.channels,
      samples: samples(of: pixels, colors, workers))
  }

  /// The image with its colours replaced by those of a palette of 16 bits.
  ///
  /// - Parameters:
  ///   - pixels: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: As ``mapped(_:workers:)``.
  /// - Complexity: As ``indexed(_:workers:)``.
  public func mappedDeep(_ pixels: Pixels, workers: Workers) -> DeepRaster {
    let colors = PaletteSamples<UInt16>(palette)
    return DeepRaster(
      size: pixels.size, channels: colors.channels,
      samples: samples(of: pixels, colors, workers))
  }

  private func samples<Sample>(
    of pixels: Pixels, _ colors: PaletteSamples<Sample>, _ workers: Workers
  ) -> [Sample] where Sample.SIMD4Storage: Sendable {
    [Sample](
      unsafeUninitializedCapacity: pixels.size.pixelCount
        * colors.channels.count
    ) { buffer, count in
      let samples = SharedMemory(buffer)
      forEachEntry(of: pixels, as: UInt16.self, workers) { pixel, entry in
        colors.write(Int(entry), ofPixel: pixel, to: samples.start)
      }
      count = buffer.count
    }
  }

  /// Calls `body` for each pixel with its palette entry.
  @inline(__always)
  private func forEachEntry<Entry: FixedWidthInteger & Sendable>(
    of pixels: Pixels, as type: Entry.Type, _ workers: Workers,
    _ body: @Sendable (_ pixel: Int, _ entry: Entry) -> Void
  ) {
    let count = pixels.size.pixelCount
    let strips = max(1, min(256, count / 65_536))
    switch lookup {
    case .narrow(let cubes):
      forEachEntry(of: pixels, in: cubes, strips, workers) { pixel, entry in
        body(pixel, Entry(truncatingIfNeeded: entry))
      }
    case .wide(let cubes):
      forEachEntry(of: pixels, in: cubes, strips, workers) { pixel, entry in
        body(pixel, Entry(truncatingIfNeeded: entry))
      }
    case .ranks(let ranks):
      let source = PixelCodes(pixels)
      precondition(source.layout == layout)
      workers.forEachMetered(strips) { strip in
        let end = count * (strip + 1) / strips
        var buffer = [UInt64](repeating: 0, count: 4_096)
        buffer.withUnsafeMutableBufferPointer { buffer in
          for start in stride(
            from: count * strip / strips, to: end, by: buffer.count)
          {
            let range = start..<min(end, start + buffer.count)
            source.write(range, to: buffer)
            ranks.forEach(
              UnsafeBufferPointer(rebasing: buffer[..<range.count])
            ) { place, value in
              body(start + place, Entry(truncatingIfNeeded: value))
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func forEachEntry<Entry: FixedWidthInteger & Sendable>(
    of pixels: Pixels, in cubes: CubeLookup<Entry>, _ strips: Int,
    _ workers: Workers,
    _ body: @Sendable (_ pixel: Int, _ entry: Entry) -> Void
  ) {
    guard case .eight(let raster) = pixels, raster.channels == .rgb else {
      preconditionFailure("the pixels are not those of the histogram")
    }
    let count = pixels.size.pixelCount
    workers.forEachMetered(strips) { strip in
      raster.samples.withUnsafeBufferPointer { samples in
        cubes.forEach(
          count * strip / strips..<count * (strip + 1) / strips, of: samples,
          body)
      }
    }
  }
}
