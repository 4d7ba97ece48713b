public import ParallelWork
public import Rasters

/// Says which of an image's distinct colours each pixel has.
public struct ColorRanks: Sendable {
  private enum Lookup {
    case cubes(CubeLookup<UInt32>)
    case ranks(RankLookup<UInt32>)
  }

  /// How the colours are numbered.
  private let layout: ColorLayout

  private let lookup: Lookup

  /// Prepares to look up the colours of an image.
  ///
  /// - Parameter histogram: The image's colours.
  /// - Complexity: O(colours).
  public init(_ histogram: ColorHistogram) {
    layout = histogram.layout
    let numbers = Array(0..<UInt32(truncatingIfNeeded: histogram.count))
    lookup =
      layout == .rgb8
      ? .cubes(CubeLookup(histogram.codes, numbers))
      : .ranks(RankLookup(histogram.codes, numbers, bits: layout.bits))
  }

  /// Calls `body` for each of some pixels with the number of its colour.
  ///
  /// - Parameters:
  ///   - range: Pixels.
  ///   - pixels: The image that the histogram is of.
  ///   - body: Gets the pixel's place in the range and the number that its
  ///     colour has in the histogram.
  /// - Complexity: O(pixels); O(pixels × log colours) with alpha or 16 bits a
  ///   sample.
  public func forEach(
    _ range: Range<Int>, of pixels: Pixels,
    _ body: (_ place: Int, _ color: Int) -> Void
  ) {
    let first = range.lowerBound
    switch lookup {
    case .cubes(let cubes):
      guard case .eight(let raster) = pixels, raster.channels == .rgb else {
        preconditionFailure("the pixels are not those of the histogram")
      }
      raster.samples.withUnsafeBufferPointer { samples in
        cubes.forEach(range, of: samples) { pixel, color in
          body(pixel - first, Int(color))
        }
      }
    case .ranks(let ranks):
      let source = PixelCodes(pixels)
      precondition(source.layout == layout)
      var buffer = [UInt64](repeating: 0, count: min(4_096, range.count))
      buffer.withUnsafeMutableBufferPointer { buffer in
        for start in stride(
          from: first, to: range.upperBound, by: max(1, buffer.count))
        {
          let part = start..<min(range.upperBound, start + buffer.count)
          source.write(part, to: buffer)
          ranks.forEach(
            UnsafeBufferPointer(rebasing: buffer[..<part.count])
          ) { place, color in body(start - first + place, Int(color)) }
        }
      }
    }
  }

  /// The number of the colour of each pixel.
  ///
  /// - Parameters:
  ///   - pixels: The image that the histogram is of.
  ///   - workers: The threads to use.
  /// - Returns: Numbers, row by row.
  /// - Complexity: That of ``forEach(_:of:_:)``.
  public func all(of pixels: Pixels, workers: Workers) -> [UInt32] {
    let count = pixels.size.pixelCount
    let strips = max(1, min(256, count / 65_536))
    return [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
      let numbers = SharedMemory(buffer)
      workers.forEach(strips) { strip in
        let range = count * strip / strips..<count * (strip + 1) / strips
        let start = numbers.start + range.lowerBound
        forEach(range, of: pixels) { place, color in
          (start + place).initialize(to: UInt32(truncatingIfNeeded: color))
        }
      }
      filled = count
    }
  }
}
