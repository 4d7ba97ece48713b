public import ParallelWork
public import Rasters

/// Maps pixels to the palette entries of their colours.
///
/// The table has two steps, as the Morton code has two halves: for each of
/// 4,096 boxes, where the box's table starts; and a table of 4,096 entries for
/// each box that has a colour. A pixel costs two look-ups, whatever the number
/// of colours in the palette.
public struct ColorMap: Sendable {
  /// Where each box's table starts in `entries`.
  private let starts: [Int32]

  /// The tables, one after the other. Only the entries of colours that occur
  /// are ever read.
  private let entries: [UInt16]

  /// The palette's colours.
  private let colors: [RGBColor]

  /// Prepares to map the pixels of an image.
  ///
  /// - Parameters:
  ///   - histogram: The image's colours.
  ///   - assignment: Which entry each of them is mapped to.
  /// - Complexity: O(colours + occupied boxes × 4,096) memory.
  public init(_ histogram: ColorHistogram, _ assignment: ColorAssignment) {
    var starts = [Int32](repeating: -1, count: MortonCode.boxes)
    let codes = histogram.codes
    var next: Int32 = 0
    for code in codes where starts[Int(code >> 12)] < 0 {
      starts[Int(code >> 12)] = next
      next += Int32(MortonCode.colorsInBox)
    }
    entries = [UInt16](unsafeUninitializedCapacity: Int(next)) {
      entries, count in
      // Only these places are ever read.
      for (code, entry) in zip(codes, assignment.entries) {
        entries[Int(starts[Int(code >> 12)]) + Int(code & 0xfff)] = entry
      }
      count = Int(next)
    }
    self.starts = starts
    colors = assignment.palette.colors
  }

  /// The image with its colours replaced by numbers of palette entries.
  ///
  /// - Parameters:
  ///   - raster: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: The indexed image, or `nil` when the palette has more than 256
  ///   colours.
  /// - Complexity: O(pixels).
  public func indexed(_ raster: Raster, workers: Workers) -> IndexedImage? {
    guard colors.count <= PaletteSize.mostIndexed else { return nil }
    let indices = [UInt8](
      unsafeUninitializedCapacity: raster.size.pixelCount
    ) { buffer, count in
      let indices = SharedMemory(buffer)
      forEachEntry(of: raster, workers) { pixel, entry in
        indices.start[pixel] = UInt8(truncatingIfNeeded: entry)
      }
      count = buffer.count
    }
    return IndexedImage(size: raster.size, palette: colors, indices: indices)
  }

  /// The image with its colours replaced by those of the palette.
  ///
  /// - Parameters:
  ///   - raster: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: An opaque image of the same size.
  /// - Complexity: O(pixels).
  public func mapped(_ raster: Raster, workers: Workers) -> Raster {
    let colors = colors
    let samples = [UInt8](
      unsafeUninitializedCapacity: raster.size.pixelCount * 3
    ) { buffer, count in
      let samples = SharedMemory(buffer)
      forEachEntry(of: raster, workers) { pixel, entry in
        let color = colors[Int(entry)]
        samples.start[3 * pixel] = color.red
        samples.start[3 * pixel + 1] = color.green
        samples.start[3 * pixel + 2] = color.blue
      }
      count = buffer.count
    }
    return Raster(size: raster.size, channels: .rgb, samples: samples)
  }

  /// Calls `body` for each pixel with its palette entry.
  @inline(__always)
  private func forEachEntry(
    of raster: Raster, _ workers: Workers,
    _ body: @Sendable (_ pixel: Int, _ entry: UInt16) -> Void
  ) {
    precondition(raster.channels == .rgb)
    let pixels = raster.size.pixelCount
    let strips = max(1, min(256, pixels / 65_536))
    let tables = (starts, entries)
    workers.forEach(strips) { strip in
      tables.0.withUnsafeBufferPointer { starts in
        tables.1.withUnsafeBufferPointer { entries in
          raster.samples.withUnsafeBufferPointer { samples in
            MortonCode.spread.withUnsafeBufferPointer { spread in
              guard let first = samples.baseAddress else { return }
              let samples = PixelSamples(start: first)
              // Neighbours often have the same colour.
              var last = UInt32.max
              var entry: UInt16 = 0
              for pixel
                in pixels * strip / strips..<pixels * (strip + 1) / strips
              {
                let code = samples.code(pixel, spread)
                if code != last {
                  last = code
                  entry =
                    entries[
                      Int(starts[Int(code >> 12)]) + Int(code & 0xfff)]
                }
                body(pixel, entry)
              }
            }
          }
        }
      }
    }
  }
}
