import ParallelWork
public import Quantization
public import Rasters
public import TruncatedEM

/// The pixels of an image as points of colour, or of channels, and position.
///
/// The coordinates of a picture are those of a working space, in sRGB red, green
/// and blue, 0 to 255, or with alpha the four of docs/alpha.md; of grey pictures
/// the grey value alone, or it and the coordinate of alpha. Those of other images
/// are their channels, as a ``Normalization`` makes them.
///
/// Then, where positions count, come the column and the row, both scaled so that
/// the longer side of the image is as long as the weight times the way from black
/// to white in one channel, or the largest range of a channel; of grey pictures in
/// sRGB by 1/√3 of that, so that the same weight gives the same segments.
public struct SpatialPoints: Sendable {
  private enum Source: Sendable {
    case colors(Pixels, places: [Int])
    case channels(ChannelImage, [ChannelScale])
  }

  private let source: Source

  /// The space of the coordinates of colour; of channels that of the colours in
  /// which they are shown.
  public let space: CompositeSpace

  /// The coordinates of colour or of channels; the others are those of position.
  public let colorDimension: Int

  /// What columns and rows are multiplied by.
  public let scale: Double

  /// D: the coordinates of colour, and two of position where it counts.
  public var dimension: Int { colorDimension + (isSpatial ? 2 : 0) }

  /// Whether positions count.
  public let isSpatial: Bool

  /// Width and height of a page.
  public let size: ImageSize

  /// The number of pages.
  public let pages: Int

  /// The picture, where the points are those of one.
  var pixels: Pixels? {
    if case .colors(let pixels, _) = source { pixels } else { nil }
  }

  /// How samples of channels became coordinates; `nil` of a picture.
  public var scales: [ChannelScale]? {
    if case .channels(_, let scales) = source { scales } else { nil }
  }

  /// The pixels of all pages.
  public var pixelCount: Int { size.pixelCount * pages }

  /// Describes the points of a picture.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - spatial: The weight of positions, 0 or more; with 0 points have none.
  ///   - space: The working space.
  /// - Throws: `SegmentationError.spatialWeight`.
  public init(
    _ pixels: Pixels, spatial: Double, in space: CompositeSpace = .encoded
  ) throws(SegmentationError) {
    guard spatial >= 0, spatial.isFinite else { throw .spatialWeight(spatial) }
    let isGrey = pixels.isGrey
    self.space = isGrey ? space.ofGreys : space.ofColors
    colorDimension = self.space.dimension(withAlpha: pixels.channels == .rgba)
    source = .colors(
      pixels, places: self.space.places(dimension: colorDimension))
    size = pixels.size
    pages = 1
    // Of greys the three channels are one.
    let isCopied = isGrey && [.srgb, .linear].contains(space.working)
    scale =
      space.working.white.x * spatial / Double(max(size.width, size.height))
      / (isCopied ? 3.0.squareRoot() : 1)
    isSpatial = spatial > 0
  }

  /// Describes the points of an image of channels.
  ///
  /// - Parameters:
  ///   - image: The channels that count.
  ///   - normalization: How they become coordinates.
  ///   - spatial: The weight of positions, 0 or more; with 0 points have none.
  /// - Throws: `SegmentationError.spatialWeight`.
  /// - Complexity: O(samples).
  public init(
    _ image: ChannelImage, _ normalization: Normalization, spatial: Double
  ) throws(SegmentationError) {
    guard spatial >= 0, spatial.isFinite else { throw .spatialWeight(spatial) }
    let scales = (0..<image.channels).map {
      ChannelScale(of: image, $0, normalization)
    }
    source = .channels(image, scales)
    space = .encoded
    colorDimension = image.channels
    size = image.size
    pages = image.pages
    let widest =
      scales.map { $0.range.upperBound - $0.range.lowerBound }.max() ?? 0
    scale = widest * spatial / Double(max(size.width, size.height))
    isSpatial = spatial > 0 && scale > 0
  }

  /// A point of weight 1 for each pixel, in the order of the pixels.
  ///
  /// - Parameter threads: The most threads to use.
  /// - Returns: As many points as there are pixels.
  /// - Complexity: O(pixels); 8 (D + 1) bytes a pixel.
  public func points(threads: Int = 1) -> WeightedPoints {
    let width = size.width
    return WeightedPoints(
      count: pixelCount, dimension: dimension, totalWeight: Double(pixelCount)
    ) { planes, weights, length in
      Workers(threads: threads).forEach(size.height * pages) { y in
        for n in y * width..<(y + 1) * width {
          forEachCoordinate(ofPixel: n) { d, value in
            planes.start[d * length + n] = value
          }
          weights.start[n] = 1
        }
      }
    }
  }

  /// The points of some bands of rows, one band below the other.
  ///
  /// - Parameters:
  ///   - bands: Ranges of rows, counted through all pages, of the same height.
  ///   - threads: The most threads to use.
  /// - Returns: As many points as there are pixels in them.
  func points(of bands: [Range<Int>], threads: Int) -> WeightedPoints {
    let rows = bands.flatMap(\.self)
    let width = size.width
    let count = rows.count * width
    return WeightedPoints(
      count: count, dimension: dimension, totalWeight: Double(count)
    ) { planes, weights, length in
      Workers(threads: threads).forEach(rows.count) { y in
        for x in 0..<width {
          let n = y * width + x
          forEachCoordinate(ofPixel: rows[y] * width + x) { d, value in
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
    switch source {
    case .colors(let pixels, let places):
      let color = pixels.point(n, in: space)
      for d in 0..<colorDimension { body(d, color[places[d]]) }
    case .channels(let image, let scales):
      image.samples.withUnsafeBufferPointer { samples in
        for d in 0..<colorDimension {
          body(d, scales[d].coordinate(samples[d * pixelCount + n]))
        }
      }
    }
    if isSpatial {
      let (row, x) = n.quotientAndRemainder(dividingBy: size.width)
      body(colorDimension, scale * Double(x))
      body(colorDimension + 1, scale * Double(row % size.height))
    }
  }

  /// The coordinates of an opaque colour.
  ///
  /// - Precondition: The points are those of a picture, without positions.
  func coordinates(of color: RGBColor) -> [Double] {
    let point = space.point(color, alpha: 255)
    return space.places(dimension: colorDimension).map { point[$0] }
  }

  /// How bright a mean is: its luminance or lightness, with more of it where there
  /// is more alpha; of channels the sum of their coordinates.
  func brightness(ofMean mean: [Double]) -> Double {
    switch source {
    case .colors(_, let places):
      let weights = space.brightness
      return (0..<colorDimension).reduce(0) { sum, d in
        sum + weights[places[d]] * mean[d]
      }
    case .channels:
      return mean[..<colorDimension].reduce(0, +)
    }
  }

  /// The colours of a model's means, without positions, in ``space``; `nil` of
  /// channels, which have none.
  ///
  /// - Throws: `FitError`.
  func colorModel(of model: MixtureModel) throws(FitError) -> MixtureModel? {
    guard case .colors = source else { return nil }
    return try MixtureModel(
      means: (0..<model.components).flatMap { c in
        Array(model.mean(c)[..<colorDimension])
      }, variance: model.variance, dimension: colorDimension)
  }

  /// The variance of rounding to the step of the samples.
  ///
  /// - Complexity: O(distinct colours) of pictures of 16 bits, else O(1).
  func roundingVariance(threads: Int) -> Double {
    switch source {
    case .colors(let pixels, _):
      guard case .sixteen = pixels else { return space.roundingVariance }
      return WorkMeter.silently {
        ColorHistogram(of: pixels, workers: Workers(threads: threads))
      }.roundingVariance(in: space)
    case .channels(_, let scales):
      let step = scales.map(\.step).filter { $0 > 0 }.min() ?? 0
      return step * step / 12
    }
  }
}
