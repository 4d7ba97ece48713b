import ParallelWork
import Rasters

/// Gives the number of a pixel's colour among those of a histogram.
struct ColorNumbers: Sendable {
  private let pixels: Pixels
  private let cubes: CubeLookup<UInt32>?
  private let ranks: RankLookup<UInt32>?

  /// Prepares to look up.
  ///
  /// - Parameters:
  ///   - pixels: The image whose histogram it is.
  ///   - histogram: Its colours.
  /// - Complexity: O(colours).
  init(_ pixels: Pixels, _ histogram: ColorHistogram) {
    self.pixels = pixels
    if histogram.layout == .rgb8 {
      cubes = CubeLookup(
        histogram.codes,
        Array(0..<UInt32(truncatingIfNeeded: histogram.count)))
      ranks = nil
    } else {
      cubes = nil
      ranks = RankLookup(
        histogram.codes,
        Array(0..<UInt32(truncatingIfNeeded: histogram.count)),
        bits: histogram.layout.bits)
    }
  }

  /// Writes the numbers of the colours of some pixels.
  ///
  /// - Parameters:
  ///   - range: The pixels.
  ///   - numbers: Room for as many.
  /// - Complexity: O(1) a pixel; O(log colours) with alpha or 16 bits a sample.
  func write(
    _ range: Range<Int>, to numbers: UnsafeMutableBufferPointer<UInt32>
  ) {
    precondition(numbers.count >= range.count)
    if let cubes, case .eight(let raster) = pixels {
      raster.samples.withUnsafeBufferPointer { samples in
        cubes.forEach(range, of: samples) { pixel, number in
          numbers[pixel - range.lowerBound] = number
        }
      }
    } else if let ranks {
      withUnsafeTemporaryAllocation(
        of: UInt64.self, capacity: max(1, range.count)
      ) { codes in
        PixelCodes(pixels).write(range, to: codes)
        ranks.forEach(
          UnsafeBufferPointer(rebasing: codes[..<range.count])
        ) { place, number in numbers[place] = number }
      }
    }
  }
}
