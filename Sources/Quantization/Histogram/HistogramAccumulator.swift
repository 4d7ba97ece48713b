public import ParallelWork
public import Rasters

/// Counts the colours of an image that comes strip by strip.
public struct HistogramAccumulator {
  /// Sorted runs of colours, the longest first.
  private var runs: [CountedColors] = []

  /// From how many colours on they are packed.
  private let packed: Int
  private var layout: ColorLayout?
  private var hasDeepSamples = false
  private var pixelCount = 0

  /// Nothing is counted yet.
  public init() { self.init(packing: 1 << 19) }

  /// Nothing is counted yet.
  ///
  /// - Parameter packed: From how many colours on less memory is worth more
  ///   than time.
  package init(packing packed: Int) { self.packed = packed }

  /// Counts the colours of a strip.
  ///
  /// - Parameters:
  ///   - pixels: Rows of the image; all strips have the same samples a pixel
  ///     and bits a sample.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Complexity: O(pixels), and O(colours × log strips) over all strips;
  ///   memory for the colours twice, 12 bytes each or where there are many some
  ///   3, and 2 bytes a pixel of the strip, or 16 with alpha or 16 bits.
  public mutating func add(_ pixels: Pixels, workers: Workers) {
    let run: CodeCounter.Run
    if case .eight(let raster) = pixels, raster.channels == .rgb {
      precondition(layout == nil || layout == .rgb8)
      layout = .rgb8
      let (codes, counts) = PixelSorter.count(raster, workers)
      run = CodeCounter.Run(codes: codes, counts: counts)
    } else {
      let source = PixelCodes(pixels)
      precondition(layout == nil || layout == source.layout)
      layout = source.layout
      run = CodeCounter.count(source, workers)
    }
    if case .sixteen = pixels { hasDeepSamples = true }
    pixelCount += pixels.size.pixelCount
    var colors = CountedColors.plain(run)
    while let last = runs.last, last.count <= 2 * colors.count {
      runs.removeLast()
      colors = last.merged(with: colors, packing: packed)
    }
    runs.append(colors)
  }

  /// The colours of all strips.
  ///
  /// An alpha channel that is opaque everywhere is forgotten: the histogram is
  /// that of the image without it.
  ///
  /// - Returns: The histogram.
  /// - Precondition: There was a strip.
  /// - Complexity: O(colours).
  public consuming func histogram() -> ColorHistogram {
    guard let layout else { preconditionFailure("an image has a strip") }
    var colors = CountedColors.plain(CodeCounter.Run())
    while let last = runs.popLast() {
      colors = last.merged(with: colors, packing: packed)
    }
    var run = colors.run
    colors = .plain(CodeCounter.Run())
    let alpha: UInt64 = 0x8888_8888_8888_8888
    guard layout == .rgba16,
      run.codes.allSatisfy({ $0 & alpha == alpha })
    else { return ColorHistogram(run, layout, pixelCount: pixelCount) }
    // The order stays: it is that of the bits of the others.
    let plain: ColorLayout = hasDeepSamples ? .rgb16 : .rgb8
    for n in run.codes.indices {
      run.codes[n] = plain.code(of: layout.color(run.codes[n]))
    }
    return ColorHistogram(run, plain, pixelCount: pixelCount)
  }
}

/// Colours and their counts, packed where there are many.
private enum CountedColors {
  case plain(CodeCounter.Run)
  case packed(PackedRun)

  /// How many there are.
  var count: Int {
    switch self {
    case .plain(let run): run.codes.count
    case .packed(let run): run.count
    }
  }

  /// They, not packed.
  var run: CodeCounter.Run {
    switch self {
    case .plain(let run): run
    case .packed(let run): run.unpacked()
    }
  }

  private var packed: PackedRun {
    switch self {
    case .plain(let run): PackedRun(run)
    case .packed(let run): run
    }
  }

  /// The colours of both.
  func merged(with other: Self, packing limit: Int) -> Self {
    guard other.count > 0 else { return self }
    if count + other.count < limit, case .plain(let run) = self,
      case .plain(let otherRun) = other
    {
      return .plain(run.merged(with: otherRun))
    }
    return .packed(packed.merged(with: other.packed))
  }
}
