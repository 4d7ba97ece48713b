import ImageQuality
import ParallelWork
public import Rasters

/// Maps an image to the palette that is fitted to it, strip by strip from the
/// top to the bottom; a whole image is one strip.
///
/// The palette is in the order of its pixels. With dithering these are known
/// only when all strips are dithered, so all are given twice: once to be
/// counted (``count(_:)``), and once to be mapped.
/// ``Quantizer/mapper(for:of:)-(_,CountedImage)`` has an example.
public struct PixelMapper {
  private enum Method {
    case plain(ColorMap)
    case dithered(Ditherer, isWhole: Bool)
    case merged(RegionMapping)
  }

  /// Rows of a strip of an image that is dithered: a multiple of this many, but
  /// for the last strip.
  public static var rowUnit: Int { DitherStrip.unit }

  /// Whether strips are to be counted before they are mapped.
  public private(set) var needsCounting: Bool

  private let fitted: FittedPalette
  private let size: ImageSize
  private let workers: Workers
  private var method: Method
  private let order: PaletteOrder

  /// The palette in the order that was asked for, if it is not that of use.
  private var layout: PaletteLayout?

  /// The number of the next strip's first row.
  private var row = 0

  /// The strip before; dithering reads its last rows.
  private var last: DitherStrip?

  /// Prepares to map the strips of an image.
  ///
  /// - Parameters:
  ///   - fitted: The palette.
  ///   - options: How it was fitted.
  ///   - size: The size of the whole image.
  ///   - samples: The bands that stand for the image where the palette is
  ///     fitted to its dithering.
  /// - Throws: `QuantizationError.tooManyToDither` or `.regionsOfStrips`.
  /// - Complexity: O(colours), and O(pixels of the samples + entries³) for each
  ///   round of fitting to the dithering.
  init(
    _ fitted: FittedPalette, _ options: QuantizerOptions, size: ImageSize,
    samples: [DitherStrip]
  ) throws(QuantizationError) {
    guard options.leastRegion <= 1 else { throw .regionsOfStrips }
    try self.init(fitted, options, size: size, whole: nil) {
      Ditherer(
        options.ditherPlanner, fitted.assignment, samples: samples,
        isFixed: options.isPinned)
    }
  }

  /// Prepares to map an image that is one strip.
  ///
  /// - Parameters:
  ///   - fitted: The palette.
  ///   - options: How it was fitted.
  ///   - pixels: The image.
  /// - Throws: `QuantizationError.tooManyToDither`.
  /// - Complexity: O(colours); with dithering O(pixels), and O(entries³) for
  ///   each round of fitting to it.
  init(
    _ fitted: FittedPalette, _ options: QuantizerOptions, whole pixels: Pixels
  ) throws(QuantizationError) {
    try self.init(fitted, options, size: pixels.size, whole: pixels) {
      Ditherer(
        options.ditherPlanner, fitted.assignment, whole: pixels,
        isFixed: options.isPinned)
    }
  }

  private init(
    _ fitted: FittedPalette, _ options: QuantizerOptions, size: ImageSize,
    whole pixels: Pixels?, _ ditherer: () -> Ditherer
  ) throws(QuantizationError) {
    try options.checkDithering(fitted.palette)
    self.fitted = fitted
    self.size = size
    workers = Workers(threads: options.threads)
    order = options.order
    let dithers = options.dither.method != .none
    needsCounting = dithers && pixels == nil
    if dithers {
      method = .dithered(
        WorkMeter.part(0.1...1, ditherer), isWhole: pixels != nil)
    } else {
      let map = WorkMeter.part(0.1...0.4) { ColorMap(fitted.assignment) }
      method = .plain(map)
      if let pixels, options.leastRegion > 1 {
        method = .merged(
          WorkMeter.part(0.4...1) { [workers] in
            RegionMapping(
              fitted.histogram.adapted(pixels), map, fitted.palette,
              in: fitted.space, least: options.leastRegion,
              keeping: options.isPinned, workers)
          })
      }
    }
    // With strips to count, dithering may leave fewer entries; that is known
    // later.
    layout = try order.layout(
      of: needsCounting ? fitted.palette : paletteOfUse)
  }

  /// The palette in the order of use.
  private var paletteOfUse: Palette {
    switch method {
    case .plain: fitted.palette
    case .dithered(let ditherer, _): ditherer.palette
    case .merged(let merged): merged.palette
    }
  }

  /// The results, available once ``needsCounting`` is `false`.
  public var summary: QuantizationSummary {
    precondition(!needsCounting, "all strips are to be counted before")
    let (palette, rounds, squaredError): (Palette, Int?, Double) =
      switch method {
      case .plain:
        (fitted.palette, nil, fitted.assignment.squaredError)
      case .dithered(let ditherer, _):
        (ditherer.palette, ditherer.rounds, ditherer.squaredError)
      case .merged(let merged):
        (merged.palette, nil, merged.squaredError)
      }
    return QuantizationSummary(
      fitted: fitted, palette: layout?.palette ?? palette, ditherRounds: rounds,
      distortion: Distortion(
        squaredError: squaredError, pixels: size.pixelCount))
  }

  /// Counts the entries that a strip's pixels will get; to be called for all
  /// strips where ``needsCounting`` says so.
  ///
  /// - Parameter pixels: The next strip.
  /// - Complexity: O(pixels).
  public mutating func count(_ pixels: Pixels) {
    guard needsCounting, case .dithered(var ditherer, false) = method else {
      return
    }
    ditherer.count(next(pixels))
    if row == size.height {
      ditherer.finish()
      layout = layout.map { _ in PaletteLayout(order, of: ditherer.palette) }
      needsCounting = false
      row = 0
      last = nil
    }
    method = .dithered(ditherer, isWhole: false)
  }

  /// Maps a strip.
  ///
  /// - Parameter pixels: The next strip.
  /// - Returns: The strip as numbers of palette entries; as colours where
  ///   there are more than 256 or they have 16 bits.
  /// - Complexity: O(pixels).
  public mutating func map(_ pixels: Pixels) -> QuantizedImage.Mapped {
    precondition(!needsCounting, "all strips are to be counted before")
    let mapped = mappedByUse(pixels)
    return layout.map { mapped.ordered(by: $0) } ?? mapped
  }

  /// Maps pixels of an image in memory when they are asked for, in any order.
  ///
  /// - Parameter pixels: All of the image.
  /// - Returns: Writes numbers of palette entries, on any thread, that are those
  ///   of ``map(_:)``; `nil` where the image has none, or is dithered.
  /// - Complexity: O(pixels) where their channels are not those of the palette.
  package func indices(
    of pixels: Pixels
  ) -> (@Sendable (Range<Int>, UnsafeMutableBufferPointer<UInt8>) -> Void)? {
    guard case .plain(let map) = method, fitted.palette.depth == .eight,
      fitted.palette.entries.count <= PaletteSize.mostIndexed
    else { return nil }
    let pixels = fitted.histogram.adapted(pixels)
    return { [places = layout?.places] range, room in
      guard let start = room.baseAddress else { return }
      precondition(range.count <= room.count)
      map.write(range, of: pixels, to: start)
      guard let places else { return }
      for n in 0..<range.count { room[n] = places[Int(room[n])] }
    }
  }

  private mutating func mappedByUse(
    _ pixels: Pixels
  ) -> QuantizedImage.Mapped {
    switch method {
    case .plain(let map):
      let pixels = fitted.histogram.adapted(pixels)
      return WorkMeter.part(0.4...1) {
        if fitted.palette.depth == .sixteen {
          return .deep(map.mappedDeep(pixels, workers: workers))
        }
        return map.indexed(pixels, workers: workers).map { .indexed($0) }
          ?? .colors(map.mapped(pixels, workers: workers))
      }
    case .merged(let merged): return merged.mapped(pixels.size)
    case .dithered(let ditherer, let isWhole):
      return isWhole
        ? ditherer.mappedWhole(pixels.size)
        : ditherer.palette.mapped(
          ditherer.entries(of: next(pixels)), size: pixels.size)
    }
  }

  /// The next strip, with the rows above that dithering reads.
  private mutating func next(_ pixels: Pixels) -> DitherStrip {
    let end = row + pixels.size.height
    let strip = DitherStrip(
      row..<end, fitted.histogram.adapted(pixels), of: size, below: last)
    row = end
    last = strip
    return strip
  }
}

extension ColorHistogram {
  /// Pixels with the channels of the image that was counted: an alpha channel
  /// that is opaque everywhere is forgotten there.
  ///
  /// - Complexity: O(pixels) where channels differ, O(1) elsewhere.
  package func adapted(_ pixels: Pixels) -> Pixels {
    guard channels == .rgb else { return pixels }
    // Opaque everywhere: any background will do.
    return pixels.treated(.flatten(RGBColor(packed: 0)))
  }
}
