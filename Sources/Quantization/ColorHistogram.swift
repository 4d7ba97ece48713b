public import ParallelWork
public import Rasters
public import TruncatedEM

/// The distinct colours of an image, with the number of pixels of each.
///
/// Clustering these, weighted by their counts, gives exactly the result of
/// clustering every pixel. Fully transparent pixels have one colour, whatever
/// their samples; it is not clustered.
public struct ColorHistogram: Sendable {
  /// How the colours are numbered.
  let layout: ColorLayout

  /// The numbers of the colours, ascending.
  let codes: [UInt64]

  /// The space of ``tree(workers:)``, and of all that is measured in it.
  public var space = CompositeSpace.encoded

  /// How much each colour counts in ``tree(workers:)``, not negative; `nil` where
  /// that is how many pixels have it.
  public var weights: [Double]?

  /// How many pixels have each colour, at least 1.
  public let counts: [UInt32]

  /// The number of pixels counted.
  public let pixelCount: Int

  /// Whether there are fully transparent pixels: their colour is the first.
  public let hasTransparent: Bool

  /// Whether there are pixels neither opaque nor fully transparent.
  public let hasTranslucent: Bool

  /// Counts the colours of an image.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Complexity: O(pixels) for opaque images of 8 bits a sample, with 2 bytes a
  ///   pixel of memory while it works; O(pixels + colours × log pixels) for
  ///   others, with some 24 bytes a colour.
  public init(of pixels: Pixels, workers: Workers = Workers(threads: 1)) {
    if case .eight(let raster) = pixels, raster.channels == .rgb {
      let (codes, counts) = PixelSorter.count(raster, workers)
      self.init(
        CodeCounter.Run(codes: codes, counts: counts), .rgb8,
        pixelCount: pixels.size.pixelCount)
      return
    }
    let source = PixelCodes(pixels)
    self.init(
      CodeCounter.count(source, workers), source.layout,
      pixelCount: pixels.size.pixelCount)
  }

  /// Takes colours that are counted.
  init(_ run: CodeCounter.Run, _ layout: ColorLayout, pixelCount: Int) {
    self.layout = layout
    self.pixelCount = pixelCount
    codes = run.codes
    counts = run.counts
    hasTransparent = layout == .rgba16 && run.codes.first == 0
    // Alpha has the code's first bit, and every fourth from there.
    let alpha: UInt64 = 0x8888_8888_8888_8888
    hasTranslucent =
      layout == .rgba16
      && run.codes.contains { $0 != 0 && $0 & alpha != alpha }
  }

  /// Samples of a pixel of the image: opaque ones have no alpha.
  public var channels: Raster.Channels { layout == .rgba16 ? .rgba : .rgb }

  /// What a histogram is made of.
  struct Parts {
    var layout: ColorLayout
    var codes: [UInt64] = []
    var counts: [UInt32] = []
    var weights: [Double]?
    var space: CompositeSpace
    var pixelCount: Int
    var hasTransparent: Bool
    var hasTranslucent: Bool
  }

  /// Puts a histogram together.
  ///
  /// - Parameter parts: Codes in ascending order, none twice, with as many
  ///   counts and, if there are any, weights.
  init(_ parts: Parts) {
    layout = parts.layout
    codes = parts.codes
    counts = parts.counts
    weights = parts.weights
    space = parts.space
    pixelCount = parts.pixelCount
    hasTransparent = parts.hasTransparent
    hasTranslucent = parts.hasTranslucent
  }

  /// Counts the colours of an image of 8 bits a sample.
  public init(of raster: Raster, workers: Workers = Workers(threads: 1)) {
    self.init(of: .eight(raster), workers: workers)
  }

  /// The number of distinct colours.
  public var count: Int { codes.count }

  /// The numbers of the colours that are not fully transparent.
  public var visible: Range<Int> { (hasTransparent ? 1 : 0)..<codes.count }

  /// Palette entries that no mean is fitted for: 1 where there are fully
  /// transparent pixels besides others, which have an entry of their own.
  public var reservedEntries: Int {
    hasTransparent && !visible.isEmpty ? 1 : 0
  }

  /// Those of the reserved entries that are components of the mixture, as means
  /// that no fit moves: complete transparency, where there are translucent
  /// pixels too, to which it is an entry like any other.
  public var pinnedMeans: MixtureModel? {
    guard hasTransparent, hasTranslucent else { return nil }
    let point = space.transparent
    return try? MixtureModel(
      means: (0..<4).map { point[$0] }, dimension: 4, pinned: 1)
  }

  /// Means that no fit moves: ``pinnedMeans``, and behind it opaque colours that
  /// are to stay.
  ///
  /// - Parameter colors: Opaque colours, none twice.
  /// - Returns: A model of nothing but pinned means, or `nil` where there are
  ///   none.
  /// - Complexity: O(colours given).
  public func pinnedMeans(keeping colors: [RGBColor]) -> MixtureModel? {
    guard !colors.isEmpty else { return pinnedMeans }
    let dimension = dimension
    let kept = colors.flatMap { color in
      let point = space.point(color)
      return (0..<dimension).map { point[$0] }
    }
    let means = (pinnedMeans?.means ?? []) + kept
    return try? MixtureModel(
      means: means, dimension: dimension, pinned: means.count / dimension)
  }

  /// Coordinates of a point of ``tree(workers:)``: 3, or 4 where there are
  /// translucent colours.
  public var dimension: Int { hasTranslucent ? 4 : 3 }

  /// How much a colour counts.
  func weight(_ n: Int) -> Double { weights?[n] ?? Double(counts[n]) }

  /// A visible colour in the working space.
  func point(_ n: Int) -> SIMD4<Double> {
    layout == .rgb8
      ? space.point(MortonCode.decode(UInt32(truncatingIfNeeded: codes[n])))
      : space.point(layout.color(codes[n]))
  }

  /// A colour.
  ///
  /// - Parameter n: Its number.
  /// - Returns: Red, green, blue and alpha, 0 to 65,535.
  public func color(_ n: Int) -> SIMD4<UInt16> { layout.color(codes[n]) }

  /// The distinct colours, `0xRRGGBB`, of their upper 8 bits a sample; colours
  /// that stand near each other are near each other.
  ///
  /// - Complexity: O(colours).
  public var colors: [UInt32] {
    codes.map {
      let color = layout.color($0) &>> 8
      return UInt32(color.x) << 16 | UInt32(color.y) << 8 | UInt32(color.z)
    }
  }

  /// The visible colours as points of the working space, weighted by their
  /// counts or ``weights``, in the order of their numbers: three coordinates of
  /// ``space``; with translucent colours the four that docs/alpha.md derives,
  /// whose squared distance is the mean squared error on a black, a grey and a
  /// white background.
  ///
  /// - Parameter workers: The threads to use; the result does not depend on
  ///   them.
  /// - Returns: The tree of the visible colours; of one black point where there
  ///   are none.
  /// - Complexity: O(colours).
  public func tree(workers: Workers = Workers(threads: 1)) -> PointTree {
    tree(workers: workers, dimension: dimension)
  }

  /// The visible colours as points with the coordinates of another image, of
  /// which this is a part.
  ///
  /// - Parameters:
  ///   - workers: The threads to use; the result does not depend on them.
  ///   - dimension: That of the other image; not 3 where this one has 4.
  /// - Returns: As above.
  /// - Complexity: O(colours).
  public func tree(workers: Workers, dimension: Int) -> PointTree {
    precondition(dimension == 3 || dimension == 4)
    precondition(self.dimension <= dimension)
    let visible = visible
    guard !visible.isEmpty else {
      return PointTree(
        sorted: WeightedPoints(
          count: 1, dimension: 3, totalWeight: Double(pixelCount)
        ) { planes, weights, stride in
          for d in 0..<3 { planes.start[d * stride] = 0 }
          weights.start[0] = Double(pixelCount)
        }, keys: [0], workers: workers)
    }
    return tree(of: visible, workers: workers, dimension: dimension)
  }

  /// Some visible colours as points.
  ///
  /// - Parameters:
  ///   - range: Their numbers, at least one.
  ///   - workers: The threads to use; the result does not depend on them.
  ///   - dimension: 3, or 4.
  /// - Returns: The tree of these colours, in the order of their numbers.
  /// - Complexity: O(colours of the range).
  func tree(
    of range: Range<Int>, workers: Workers, dimension: Int
  ) -> PointTree {
    let count = range.count
    let pieces = max(1, min(16, count / 16_384))
    let points = WeightedPoints(
      count: count, dimension: dimension, totalWeight: totalWeight(of: range)
    ) { planes, weights, stride in
      workers.forEach(pieces) { piece in
        let share = count * piece / pieces..<count * (piece + 1) / pieces
        for n in share {
          weights.start[n] = weight(range.lowerBound + n)
        }
        write(share, of: range.lowerBound, to: planes, stride, dimension)
      }
    }
    return PointTree(
      sorted: points,
      keys: range.count == codes.count ? codes : Array(codes[range]),
      workers: workers)
  }

  /// How much some colours count together.
  func totalWeight(of range: Range<Int>) -> Double {
    weights.map { $0[range].reduce(0, +) }
      ?? Double(counts[range].reduce(0) { $0 + Int($1) })
  }

  /// Given colours as points of the working space.
  ///
  /// - Parameter palette: The colours.
  /// - Returns: Means with as many coordinates as ``dimension``: all of the
  ///   colours behind ``pinnedMeans``, or where that is 3 the opaque ones.
  /// - Throws: `FitError`, which no palette causes.
  public func workingModel(
    _ palette: FixedPalette
  ) throws(FitError) -> MixtureModel {
    let dimension = dimension
    let pinned = pinnedMeans
    return try MixtureModel(
      means: (pinned?.means ?? [])
        + palette.colors(dimension: dimension).flatMap { color in
          let point = space.point(color.color, alpha: color.alpha)
          return (0..<dimension).map { point[$0] }
        }, dimension: dimension, pinned: pinned?.components ?? 0)
  }

  /// Writes the coordinates of some visible colours.
  @inline(__always)
  private func write(
    _ share: Range<Int>, of first: Int, to planes: SharedMemory<Double>,
    _ stride: Int, _ dimension: Int
  ) {
    switch layout {
    case .rgb8:
      for n in share {
        let point = space.point(
          MortonCode.decode(UInt32(truncatingIfNeeded: codes[first + n])))
        for d in 0..<3 { planes.start[d * stride + n] = point[d] }
      }
    default:
      let dimension = dimension
      for n in share {
        let point = space.point(layout.color(codes[first + n]))
        for d in 0..<dimension { planes.start[d * stride + n] = point[d] }
      }
    }
  }
}
