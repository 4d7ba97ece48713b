public import ParallelWork
public import Rasters

/// Maps pixels to the palette entries of their colours.
///
/// A pixel's colour is looked up among the distinct colours, which are in the
/// order of their Morton codes, by its rank: for each of 4,096 boxes there is
/// the number of colours before it, and for each box that has a colour, 64 words
/// with a bit for each colour that occurs and the number of colours in the words
/// before. That is less than a megabyte, and a pixel costs the same whatever the
/// number of colours in the palette.
public struct ColorMap: Sendable {
  /// 64 colours of a box.
  private struct Word {
    /// A bit for each colour that occurs.
    var bits: UInt64 = 0

    /// The rank of the first colour that could be here.
    var rank: Int32 = 0
  }

  /// Where each box's words start in `words`, or −1.
  private let starts: [Int32]

  private let words: [Word]

  /// For each distinct colour its palette entry.
  private let entries: [UInt16]

  /// The palette's colours.
  private let colors: [RGBColor]

  private static let wordsInBox = MortonCode.colorsInBox / 64

  /// Prepares to map the pixels of an image.
  ///
  /// - Parameters:
  ///   - histogram: The image's colours.
  ///   - assignment: Which entry each of them is mapped to.
  /// - Complexity: O(colours); 1 KB a box that has a colour.
  public init(_ histogram: ColorHistogram, _ assignment: ColorAssignment) {
    var starts = [Int32](repeating: -1, count: MortonCode.boxes)
    var words: [Word] = []
    for (rank, code) in histogram.codes.enumerated() {
      let box = Int(code >> 12)
      if starts[box] < 0 {
        starts[box] = Int32(words.count)
        words += repeatElement(Word(), count: Self.wordsInBox)
      }
      let place = Int(starts[box]) + Int(code & 0xfff) >> 6
      if words[place].bits == 0 { words[place].rank = Int32(rank) }
      words[place].bits |= 1 << UInt64(code & 63)
    }
    self.starts = starts
    self.words = words
    entries = assignment.entries
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
    let tables = (starts, words, entries)
    workers.forEach(strips) { strip in
      tables.0.withUnsafeBufferPointer { starts in
        tables.1.withUnsafeBufferPointer { words in
          tables.2.withUnsafeBufferPointer { entries in
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
                    let word = words[
                      Int(starts[Int(code >> 12)]) + Int(code & 0xfff) >> 6]
                    let before = word.bits & ((1 << UInt64(code & 63)) &- 1)
                    entry = entries[Int(word.rank) + before.nonzeroBitCount]
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
}
