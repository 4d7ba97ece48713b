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
  /// The space of the coordinates of colour: encoded samples, or greys.
  package let space: CompositeSpace

  /// The coordinates of colour, 1 to 4; the others are those of position.
  public let colorDimension: Int

  /// What columns and rows are multiplied by.
  public let scale: Double

  /// D: the coordinates of colour, and two of position where it counts.
  public var dimension: Int { colorDimension + (isSpatial ? 2 : 0) }

  private let isSpatial: Bool
  private let pixels: Pixels

  /// Where the coordinates of colour are in a vector of `space`.
  private let places: [Int]

  /// Describes points.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - spatial: The weight of positions, 0 or more; with 0 points have none.
  /// - Throws: `SegmentationError.spatialWeight`.
  public init(
    _ pixels: Pixels, spatial: Double
  ) throws(SegmentationError) {
    guard spatial >= 0, spatial.isFinite else { throw .spatialWeight(spatial) }
    let size = pixels.size
    self.pixels = pixels
    space = pixels.isGrey ? .encoded.ofGreys : .encoded
    colorDimension = space.dimension(withAlpha: pixels.channels == .rgba)
    places = space.places(dimension: colorDimension)
    scale =
      255 * spatial / Double(max(size.width, size.height))
      / (space.isGrey ? 3.0.squareRoot() : 1)
    isSpatial = spatial > 0
  }

  /// A point of weight 1 for each pixel, in the order of the pixels.
  ///
  /// - Parameter threads: The most threads to use.
  /// - Returns: As many points as there are pixels.
  /// - Complexity: O(pixels); 8 (D + 1) bytes a pixel.
  public func points(threads: Int = 1) -> WeightedPoints {
    let (width, height) = (pixels.size.width, pixels.size.height)
    return WeightedPoints(
      count: width * height, dimension: dimension,
      totalWeight: Double(width * height)
    ) { planes, weights, length in
      Workers(threads: threads).forEach(height) { y in
        for n in y * width..<(y + 1) * width {
          forEachCoordinate(ofPixel: n) { d, value in
            planes.start[d * length + n] = value
          }
          weights.start[n] = 1
        }
      }
    }
  }

  /// Calls `body` with each coordinate of a pixel.
  @inline(__always)
  func forEachCoordinate(ofPixel n: Int, _ body: (Int, Double) -> Void) {
    let color = pixels.point(n, in: space)
    for d in 0..<colorDimension { body(d, color[places[d]]) }
    if isSpatial {
      let (y, x) = n.quotientAndRemainder(dividingBy: pixels.size.width)
      body(colorDimension, scale * Double(x))
      body(colorDimension + 1, scale * Double(y))
    }
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
