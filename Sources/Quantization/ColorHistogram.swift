public import ParallelWork
public import Rasters
public import TruncatedEM

/// The distinct colours of an image, with the number of pixels of each.
///
/// Clustering these, weighted by their counts, gives exactly the result of
/// clustering every pixel.
public struct ColorHistogram: Sendable {
  /// The Morton codes of the colours, ascending.
  let codes: [UInt32]

  /// How many pixels have each colour, at least 1.
  public let counts: [UInt32]

  /// The number of pixels counted.
  public let pixelCount: Int

  /// Counts the colours of an opaque image.
  ///
  /// - Parameters:
  ///   - raster: An image without alpha.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Throws: `QuantizationError.transparency` when there is an alpha
  ///   channel.
  /// - Complexity: O(pixels); 2 bytes a pixel of memory while it works.
  public init(
    of raster: Raster, workers: Workers = Workers(threads: 1)
  ) throws(QuantizationError) {
    guard raster.channels == .rgb else { throw .transparency }
    var sorter = PixelSorter(pixels: raster.size.pixelCount, workers: workers)
    let parts = raster.samples.withUnsafeBufferPointer { samples in
      sorter.sort(samples)
      return sorter.count()
    }
    pixelCount = raster.size.pixelCount
    let count = parts.reduce(0) { $0 + $1.codes.count }
    var codes: [UInt32] = []
    var counts: [UInt32] = []
    codes.reserveCapacity(count)
    counts.reserveCapacity(count)
    for part in parts {
      codes += part.codes
      counts += part.counts
    }
    self.codes = codes
    self.counts = counts
  }

  /// The number of distinct colours.
  public var count: Int { codes.count }

  /// The distinct colours, `0xRRGGBB`, in the order of their Morton codes:
  /// colours that stand near each other are near each other.
  ///
  /// - Complexity: O(colours).
  public var colors: [UInt32] { codes.map { MortonCode.decode($0).packed } }

  /// The colours as points of sRGB, coordinates red, green and blue from 0 to
  /// 255, weighted by their counts; in the order of ``colors``.
  ///
  /// - Parameter workers: The threads to use; the result does not depend on
  ///   them.
  /// - Returns: The tree of `count` points of dimension 3.
  /// - Complexity: O(colours).
  public func tree(workers: Workers = Workers(threads: 1)) -> PointTree {
    let pieces = max(1, min(16, count / 16_384))
    let points = WeightedPoints(
      count: count, dimension: 3, totalWeight: Double(pixelCount)
    ) { planes, weights, stride in
      workers.forEach(pieces) { piece in
        for n in count * piece / pieces..<count * (piece + 1) / pieces {
          let color = MortonCode.decode(codes[n])
          planes.start[n] = Double(color.red)
          planes.start[stride + n] = Double(color.green)
          planes.start[2 * stride + n] = Double(color.blue)
          weights.start[n] = Double(counts[n])
        }
      }
    }
    return PointTree(
      sorted: points, keys: codes.map { UInt64($0) }, workers: workers)
  }
}
