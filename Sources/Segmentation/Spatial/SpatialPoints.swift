import ParallelWork
import Quantization
public import Rasters
public import TruncatedEM

/// The pixels of an image as points of colour and position.
///
/// The coordinates are red, green and blue, 0 to 255, or with alpha the four of
/// docs/alpha.md; then, where positions count, the column and the row, both
/// scaled so that the longer side of the image is as long as 255 times the weight.
public struct SpatialPoints: Sendable {
  /// A point for each pixel, in the order of the pixels.
  public let points: WeightedPoints

  /// The coordinates of colour, 3 or 4; the others are those of position.
  public let colorDimension: Int

  /// What columns and rows are multiplied by.
  public let scale: Double

  /// Makes points.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - spatial: The weight of positions, 0 or more; with 0 points have none.
  ///   - threads: The most threads to use.
  /// - Throws: `SegmentationError.spatialWeight`.
  /// - Complexity: O(pixels); 8 (D + 1) bytes a pixel.
  public init(
    _ pixels: Pixels, spatial: Double, threads: Int = 1
  ) throws(SegmentationError) {
    guard spatial >= 0, spatial.isFinite else { throw .spatialWeight(spatial) }
    let size = pixels.size
    let colors = pixels.channels.count
    let scale = 255 * spatial / Double(max(size.width, size.height))
    let isSpatial = spatial > 0
    let (width, pixelCount) = (size.width, size.pixelCount)
    points = WeightedPoints(
      count: pixelCount, dimension: colors + (isSpatial ? 2 : 0),
      totalWeight: Double(pixelCount)
    ) { planes, weights, length in
      Workers(threads: threads).forEach(size.height) { y in
        for x in 0..<width {
          let n = y * width + x
          let color = pixels.point(n)
          for d in 0..<colors { planes.start[d * length + n] = color[d] }
          if isSpatial {
            planes.start[colors * length + n] = scale * Double(x)
            planes.start[(colors + 1) * length + n] = scale * Double(y)
          }
          weights.start[n] = 1
        }
      }
    }
    colorDimension = colors
    self.scale = scale
  }
}

extension Pixels {
  /// The coordinates of a pixel's colour: three, or four with alpha.
  @inline(__always)
  fileprivate func point(_ n: Int) -> SIMD4<Double> {
    let count = channels.count
    func sample(_ d: Int) -> UInt16 {
      switch self {
      case .eight(let raster): UInt16(raster.samples[n * count + d]) * 257
      case .sixteen(let raster): raster.samples[n * count + d]
      }
    }
    if count == 4 {
      return CompositeSpace.encoded.point(
        SIMD4(sample(0), sample(1), sample(2), sample(3)))
    }
    return SIMD4(
      Double(sample(0)), Double(sample(1)), Double(sample(2)), 0) / 257
  }
}
