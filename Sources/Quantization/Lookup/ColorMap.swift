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
    let count = pixels.size.pixelCount
    let indices = [UInt8](unsafeUninitializedCapacity: count) {
      buffer, filled in
      let indices = SharedMemory(buffer)
      forEachStrip(count, workers) { range in
        write(range, of: pixels, to: indices.start + range.lowerBound)
      }
      filled = count
    }
    return IndexedImage(
      size: pixels.size, palette: palette.colors, alphas: palette.alphas,
      indices: indices)
  }

  /// The numbers of the palette entries of all pixels.
  ///
  /// - Parameters:
  ///   - pixels: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: A number for each pixel.
  /// - Complexity: As ``indexed(_:workers:)``.
  func entries(_ pixels: Pixels, workers: Workers) -> [Int32] {
    let count = pixels.size.pixelCount
    return [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
      let entries = SharedMemory(buffer)
      forEachStrip(count, workers) { range in
        write(range, of: pixels, to: entries.start + range.lowerBound)
      }
      filled = count
    }
  }

  /// Writes the entries of some pixels.
  ///
  /// - Parameters:
  ///   - range: The pixels.
  ///   - pixels: The image whose histogram the map was made from.
  ///   - room: Room for a number a pixel.
  /// - Complexity: As ``indexed(_:workers:)``.
  @inline(__always)
  func write<Entry: FixedWidthInteger>(
    _ range: Range<Int>, of pixels: Pixels,
    to room: UnsafeMutablePointer<Entry>
  ) {
    switch lookup {
    case .narrow(let cubes): write(range, of: pixels, cubes, to: room)
    case .wide(let cubes): write(range, of: pixels, cubes, to: room)
    case .ranks(let ranks):
      let source = PixelCodes(pixels)
      precondition(source.layout == layout)
      Self.forEachBlock(range) { block in
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: block.count) {
          codes in
          source.write(block, to: codes)
          ranks.forEach(UnsafeBufferPointer(codes)) { place, value in
            room[block.lowerBound - range.lowerBound + place] = Entry(
              truncatingIfNeeded: value)
          }
        }
      }
    }
  }

  @inline(__always)
  private func write<Value: FixedWidthInteger, Entry: FixedWidthInteger>(
    _ range: Range<Int>, of pixels: Pixels, _ cubes: CubeLookup<Value>,
    to room: UnsafeMutablePointer<Entry>
  ) {
    guard case .eight(let raster) = pixels, raster.channels == .rgb else {
      preconditionFailure("the pixels are not those of the histogram")
    }
    raster.samples.withUnsafeBufferPointer { samples in
      cubes.write(range, of: samples, to: room)
    }
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
    let count = pixels.size.pixelCount
    return [Sample](
      unsafeUninitializedCapacity: count * colors.channels.count
    ) { buffer, filled in
      let samples = SharedMemory(buffer)
      forEachStrip(count, workers) { range in
        Self.forEachBlock(range) { block in
          withUnsafeTemporaryAllocation(
            of: UInt16.self, capacity: block.count
          ) { entries in
            guard let room = entries.baseAddress else { return }
            write(block, of: pixels, to: room)
            for (pixel, entry) in zip(block, entries) {
              colors.write(Int(entry), ofPixel: pixel, to: samples.start)
            }
          }
        }
      }
      filled = buffer.count
    }
  }

  /// Calls `body` with ranges of pixels, on all threads.
  private func forEachStrip(
    _ count: Int, _ workers: Workers, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let strips = max(1, min(256, count / 65_536))
    workers.forEachMetered(strips) { strip in
      body((0..<count).piece(strip, of: strips))
    }
  }

  /// Calls `body` with a range of pixels, few at a time.
  @inline(__always)
  private static func forEachBlock(
    _ range: Range<Int>, _ body: (Range<Int>) -> Void
  ) {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: 4_096)
    {
      body(first..<min(range.upperBound, first + 4_096))
    }
  }
}
