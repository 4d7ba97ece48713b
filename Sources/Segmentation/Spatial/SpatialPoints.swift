import ParallelWork
package import Quantization
public import Rasters
public import TruncatedEM

/// The pixels of an image as points of colour and position.
///
/// The coordinates are red, green and blue, 0 to 255, or with alpha the four of
/// docs/alpha.md; of grey pictures the grey value alone, or it and the coordinate
/// of alpha. Then, where positions count, come the column and the row, both
/// scaled so that the longer side of the image is as long as 255 times the weight
/// in red, green and blue; of grey pictures by 1/√3 of that, so that the same
/// weight gives the same segments.
public struct SpatialPoints: Sendable {
  /// A point for each pixel, in the order of the pixels.
  public let points: WeightedPoints

  /// The space of the coordinates of colour: encoded samples, or greys.
  package let space: CompositeSpace

  /// The coordinates of colour, 1 to 4; the others are those of position.
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
    let space: CompositeSpace = pixels.isGrey ? .encoded.ofGreys : .encoded
    let colors = space.dimension(withAlpha: pixels.channels == .rgba)
    let places = space.places(dimension: colors)
    let scale =
      255 * spatial / Double(max(size.width, size.height))
      / (space.isGrey ? 3.0.squareRoot() : 1)
    let isSpatial = spatial > 0
    let (width, pixelCount) = (size.width, size.pixelCount)
    points = WeightedPoints(
      count: pixelCount, dimension: colors + (isSpatial ? 2 : 0),
      totalWeight: Double(pixelCount)
    ) { planes, weights, length in
      Workers(threads: threads).forEach(size.height) { y in
        for x in 0..<width {
          let n = y * width + x
          let color = pixels.point(n, in: space)
          for (d, place) in places.enumerated() {
            planes.start[d * length + n] = color[place]
          }
          if isSpatial {
            planes.start[colors * length + n] = scale * Double(x)
            planes.start[(colors + 1) * length + n] = scale * Double(y)
          }
          weights.start[n] = 1
        }
      }
    }
    self.space = space
    colorDimension = colors
    self.scale = scale
  }
}

extension Pixels {
  /// The coordinates of a pixel's colour, and of its alpha.
  @inline(__always)
  fileprivate func point(_ n: Int, in space: CompositeSpace) -> SIMD4<Double> {
    let count = channels.count
    func sample(_ d: Int) -> UInt16 {
      switch self {
      case .eight(let raster): UInt16(raster.samples[n * count + d]) * 257
      case .sixteen(let raster): raster.samples[n * count + d]
      }
    }
    if count == 4 {
      return space.point(SIMD4(sample(0), sample(1), sample(2), sample(3)))
    }
    return space.point(SIMD4(sample(0), sample(1), sample(2), .max))
  }
}
