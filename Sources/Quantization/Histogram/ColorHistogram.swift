public import ParallelWork
public import Rasters

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

  /// How much each colour counts when it is clustered, not negative; `nil`
  /// where that is how many pixels have it.
  public var weights: [Double]?

  /// How many pixels have each colour, at least 1.
  public let counts: [UInt32]

  /// The number of pixels counted.
  public let pixelCount: Int

  /// Whether there are fully transparent pixels: their colour is the first.
  public let hasTransparent: Bool

  /// Whether there are pixels neither opaque nor fully transparent.
  public let hasTranslucent: Bool

  /// Whether there are visible pixels, and red, green and blue are equal in all
  /// of them, however the file stores them.
  public let isGrey: Bool

  /// Counts the colours of an image.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Complexity: O(pixels) for opaque images of 8 bits a sample, with 2 bytes
  ///   a pixel of memory while it works; O(pixels + colours × log pixels) for
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
    isGrey = layout.areGrey(run.codes)
  }

  /// Samples of a pixel of the image: opaque ones have no alpha.
  public var channels: Raster.Channels { layout == .rgba16 ? .rgba : .rgb }

  /// The parts of a histogram.
  struct Parts {
    var layout: ColorLayout
    var codes: [UInt64] = []
    var counts: [UInt32] = []
    var weights: [Double]?
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
    pixelCount = parts.pixelCount
    hasTransparent = parts.hasTransparent
    hasTranslucent = parts.hasTranslucent
    isGrey = layout.areGrey(codes)
  }

  /// Counts the colours of an image of 8 bits a sample.
  public init(of raster: Raster, workers: Workers = Workers(threads: 1)) {
    self.init(of: .eight(raster), workers: workers)
  }

  /// The number of distinct colours.
  public var count: Int { codes.count }

  /// The numbers of the colours that are not fully transparent.
  public var visible: Range<Int> { (hasTransparent ? 1 : 0)..<codes.count }

  /// Palette entries for complete transparency: 1 where there are fully
  /// transparent pixels besides others, or else 0.
  public var transparentEntries: Int {
    hasTransparent && !visible.isEmpty ? 1 : 0
  }

  /// Whether complete transparency is a component of the mixture, the first,
  /// whose mean no fit moves: where there are translucent pixels too, to which
  /// it is an entry like any other.
  public var hasTransparentComponent: Bool { hasTransparent && hasTranslucent }

  /// Palette entries that are no components of the mixture: that of fully
  /// transparent pixels where all others are opaque.
  public var separateEntries: Int {
    hasTransparentComponent ? 0 : transparentEntries
  }

  /// The components of a mixture for a palette of a size.
  ///
  /// - Parameter colors: k, the number of palette entries.
  /// - Returns: C, which is k where there are no ``separateEntries``.
  public func components(ofColors colors: Int) -> Int {
    colors - separateEntries
  }

  /// D, the coordinates of a visible colour as a point of a space: 3, or 4
  /// where there are translucent colours; one of colour in a space of greys.
  public func dimension(in space: CompositeSpace) -> Int {
    space.dimension(withAlpha: hasTranslucent)
  }

  /// How much a colour counts.
  func weight(_ n: Int) -> Double { weights?[n] ?? Double(counts[n]) }

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
}

extension ColorLayout {
  /// Whether some colours are visible, and all that are are grey.
  fileprivate func areGrey(_ codes: [UInt64]) -> Bool {
    let isSeen = self != .rgba16 || codes.contains { $0 != 0 }
    return isSeen && !codes.isEmpty && codes.allSatisfy(isGrey)
  }
}
