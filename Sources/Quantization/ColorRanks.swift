public import Rasters

/// Says which of an image's distinct colours each pixel has.
public struct ColorRanks: Sendable {
  /// How the colours are numbered.
  private let layout: ColorLayout

  private let cubes: CubeLookup<UInt32>
  private let ranks: RankLookup<UInt32>

  /// Prepares to look up the colours of an image.
  ///
  /// - Parameter histogram: The image's colours.
  /// - Complexity: O(colours).
  public init(_ histogram: ColorHistogram) {
    layout = histogram.layout
    let numbers = histogram.codes.indices.map {
      UInt32(truncatingIfNeeded: $0)
    }
    let isCoarse = layout == .rgb8
    cubes = CubeLookup(
      isCoarse ? histogram.codes : [], isCoarse ? numbers : [])
    ranks = RankLookup(
      isCoarse ? [] : histogram.codes, isCoarse ? [] : numbers,
      bits: layout.bits)
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
    if layout == .rgb8, case .eight(let raster) = pixels {
      precondition(raster.channels == .rgb)
      raster.samples.withUnsafeBufferPointer { samples in
        cubes.forEach(range, of: samples) { pixel, color in
          body(pixel - first, Int(color))
        }
      }
      return
    }
    let source = PixelCodes(pixels)
    precondition(source.layout == layout)
    var buffer = [UInt64](repeating: 0, count: 4_096)
    buffer.withUnsafeMutableBufferPointer { buffer in
      for start in stride(
        from: first, to: range.upperBound, by: buffer.count)
      {
        let part = start..<min(range.upperBound, start + buffer.count)
        source.write(part, to: buffer)
        ranks.forEach(UnsafeBufferPointer(rebasing: buffer[..<part.count])) {
          place, color in body(start - first + place, Int(color))
        }
      }
    }
  }
}
