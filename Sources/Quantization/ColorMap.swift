public import ParallelWork
public import Rasters

/// Maps pixels to the palette entries of their colours.
///
/// A pixel's colour is looked up in two steps: the upper bits of its Morton code
/// say which cube of 4 × 4 × 4 colours it is in, and that cube has a table of
/// the entries of its colours. Colours of a photo are near each other, so what
/// is looked up stays in the second cache; and a pixel costs the same whatever
/// the number of colours in the palette.
public struct ColorMap: Sendable {
  /// Which table each cube has; cubes without colours have the first, which
  /// nothing looks up.
  private let tables: [UInt32]

  /// How many tables there are.
  private let tableCount: Int

  /// The colours' Morton codes, ascending.
  private let codes: [UInt32]

  /// For each distinct colour its palette entry.
  private let entries: [UInt16]

  /// The palette's colours.
  private let colors: [RGBColor]

  /// The bits of a code that say which colour of a cube it is.
  private static let lowBits = 6

  /// The colours of a cube.
  private static let tableSize = 1 << lowBits

  /// Prepares to map the pixels of an image.
  ///
  /// - Parameters:
  ///   - histogram: The image's colours.
  ///   - assignment: Which entry each of them is mapped to.
  /// - Complexity: O(colours); 1 MB.
  public init(_ histogram: ColorHistogram, _ assignment: ColorAssignment) {
    codes = histogram.codes
    entries = assignment.entries
    colors = assignment.palette.colors
    // Codes ascend, so the colours of a cube follow each other.
    var tables = [UInt32](
      repeating: 0, count: 1 << (MortonCode.bits - Self.lowBits))
    var count: UInt32 = 0
    var last = UInt32.max
    tables.withUnsafeMutableBufferPointer { tables in
      histogram.codes.withUnsafeBufferPointer { codes in
        for code in codes where code >> Self.lowBits != last {
          last = code >> Self.lowBits
          tables[Int(last)] = count
          count += 1
        }
      }
    }
    self.tables = tables
    tableCount = Int(count)
  }

  /// The image with its colours replaced by numbers of palette entries.
  ///
  /// - Parameters:
  ///   - raster: The image whose histogram the map was made from.
  ///   - workers: The threads to use.
  /// - Returns: The indexed image, or `nil` when the palette has more than 256
  ///   colours.
  /// - Complexity: O(pixels + colours).
  public func indexed(_ raster: Raster, workers: Workers) -> IndexedImage? {
    guard colors.count <= PaletteSize.mostIndexed else { return nil }
    let indices = [UInt8](
      unsafeUninitializedCapacity: raster.size.pixelCount
    ) { buffer, count in
      let indices = SharedMemory(buffer)
      forEachEntry(of: raster, as: UInt8.self, workers) { pixel, entry in
        indices.start[pixel] = entry
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
  /// - Complexity: O(pixels + colours).
  public func mapped(_ raster: Raster, workers: Workers) -> Raster {
    let colors = colors
    let samples = [UInt8](
      unsafeUninitializedCapacity: raster.size.pixelCount * 3
    ) { buffer, count in
      let samples = SharedMemory(buffer)
      forEachEntry(of: raster, as: UInt16.self, workers) { pixel, entry in
        let color = colors[Int(entry)]
        samples.start[3 * pixel] = color.red
        samples.start[3 * pixel + 1] = color.green
        samples.start[3 * pixel + 2] = color.blue
      }
      count = buffer.count
    }
    return Raster(size: raster.size, channels: .rgb, samples: samples)
  }

  /// The tables of all cubes, one after the other.
  @inline(__always)
  private func lookup<Entry: FixedWidthInteger>(
    as type: Entry.Type
  ) -> [Entry] {
    var lookup = [Entry](repeating: 0, count: tableCount * Self.tableSize)
    lookup.withUnsafeMutableBufferPointer { lookup in
      codes.withUnsafeBufferPointer { codes in
        entries.withUnsafeBufferPointer { entries in
          var start = -Self.tableSize
          var last = UInt32.max
          for n in codes.indices {
            let cube = codes[n] >> Self.lowBits
            if cube != last {
              last = cube
              start += Self.tableSize
            }
            lookup[start + Int(codes[n]) & (Self.tableSize - 1)] = Entry(
              truncatingIfNeeded: entries[n])
          }
        }
      }
    }
    return lookup
  }

  /// Calls `body` for each pixel with its palette entry.
  @inline(__always)
  private func forEachEntry<Entry: FixedWidthInteger & Sendable>(
    of raster: Raster, as type: Entry.Type, _ workers: Workers,
    _ body: @Sendable (_ pixel: Int, _ entry: Entry) -> Void
  ) {
    precondition(raster.channels == .rgb)
    let pixels = raster.size.pixelCount
    let strips = max(1, min(256, pixels / 65_536))
    let (tables, lookup) = (tables, lookup(as: Entry.self))
    workers.forEach(strips) { strip in
      tables.withUnsafeBufferPointer { tables in
        lookup.withUnsafeBufferPointer { lookup in
          raster.samples.withUnsafeBufferPointer { samples in
            MortonCode.spread.withUnsafeBufferPointer { spread in
              guard let first = samples.baseAddress else { return }
              let samples = PixelSamples(start: first)
              for pixel
                in pixels * strip / strips..<pixels * (strip + 1) / strips
              {
                let code = samples.code(pixel, spread)
                let table = Int(tables[Int(code >> Self.lowBits)])
                body(
                  pixel,
                  lookup[
                    table << Self.lowBits | Int(code) & (Self.tableSize - 1)])
              }
            }
          }
        }
      }
    }
  }
}
