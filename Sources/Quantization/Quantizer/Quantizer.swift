import ParallelWork
public import Rasters

/// Reduces images to palettes: counts their colours, fits a palette to them and
/// maps the pixels to it.
///
///     let quantizer = try Quantizer(colors: 16)
///     let image = try quantizer.quantize(pixels)
///     if case .indexed(let indexed) = image.mapped {
///       let png = try PNGEncoder().encode(indexed)
///     }
///
/// The same pixels and options give the same result, bit for bit, on any number
/// of threads.
public struct Quantizer: Sendable {
  /// Receives the events, on the caller's thread.
  public typealias Observer = (QuantizerEvent) -> Void

  /// How images are reduced.
  public let options: QuantizerOptions

  /// A quantizer with these options.
  public init(_ options: QuantizerOptions) {
    self.options = options
  }

  /// A quantizer for a number of colours, with the defaults of
  /// ``QuantizerOptions`` for the rest.
  ///
  /// - Parameter colors: k, within `PaletteSize.range`.
  /// - Throws: `QuantizationError.paletteSize` outside it.
  public init(colors: Int) throws(QuantizationError) {
    self.init(try QuantizerOptions(colors: colors))
  }

  /// Reduces an image to a palette that is fitted to it.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - observer: Called for every event.
  /// - Returns: The mapped pixels, the palette, the fitted model and figures.
  /// - Throws: `QuantizationError`.
  /// - Complexity: O(pixels) + O(colours × components) an iteration.
  public func quantize(
    _ pixels: Pixels, observer: Observer? = nil
  ) throws(QuantizationError) -> QuantizedImage {
    try metered(observer) { observer throws(QuantizationError) in
      let fitted = try palette(of: pixels, observer: observer)
      return try mapped(pixels, fitted, observer: observer)
    }
  }

  /// Reduces an image of 8 bits a sample to a palette that is fitted to it.
  ///
  /// - Parameters:
  ///   - raster: The image.
  ///   - observer: Called for every event.
  /// - Returns: The mapped pixels, the palette, the fitted model and figures.
  /// - Throws: `QuantizationError`.
  public func quantize(
    _ raster: Raster, observer: Observer? = nil
  ) throws(QuantizationError) -> QuantizedImage {
    try quantize(.eight(raster), observer: observer)
  }

  /// Fits a palette to an image, without mapping its pixels.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - observer: Called for every event.
  /// - Returns: The palette, the fitted model and figures.
  /// - Throws: `QuantizationError`.
  /// - Complexity: O(pixels) + O(colours × components) an iteration.
  public func palette(
    of pixels: Pixels, observer: Observer? = nil
  ) throws(QuantizationError) -> FittedPalette {
    try palette(of: pixels, counted: nil, observer: observer)
  }

  /// Fits a palette to an image whose colours may be counted already.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - counted: Its colours, without weights; `nil` has them counted.
  ///   - observer: Called for every event.
  /// - Returns: The palette, the fitted model and figures.
  /// - Throws: `QuantizationError`.
  package func palette(
    of pixels: Pixels, counted: ColorHistogram?, observer: Observer? = nil
  ) throws(QuantizationError) -> FittedPalette {
    try metered(observer) { observer throws(QuantizationError) in
      var histogram = try histogram(
        of: pixels, counted: counted, balance: options.balance, observer)
      aim(&histogram)
      return try FittedPalette(
        histogram, options, of: pixels, observer: observer)
    }
  }

  /// Counts the colours of an image, weighted by the importance of its pixels.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - observer: Called for the stage.
  /// - Returns: The colours. Those of many images can be merged
  ///   (``HistogramMerger``), and palettes are fitted to them by
  ///   ``palette(of:observer:)-(ColorHistogram,_)``.
  /// - Throws: `QuantizationError`, for colours that the options leave no room
  ///   for or an importance of another size.
  /// - Complexity: O(pixels).
  public func histogram(
    of pixels: Pixels, observer: Observer? = nil
  ) throws(QuantizationError) -> ColorHistogram {
    try histogram(of: pixels, counted: nil, observer: observer)
  }

  /// Weights the colours of an image by the importance of its pixels.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - counted: Its colours, without weights; `nil` has them counted.
  ///   - observer: Called for the stage.
  /// - Returns: The colours.
  /// - Throws: As ``histogram(of:observer:)``.
  package func histogram(
    of pixels: Pixels, counted: ColorHistogram?, observer: Observer? = nil
  ) throws(QuantizationError) -> ColorHistogram {
    try metered(observer) { observer throws(QuantizationError) in
      try histogram(of: pixels, counted: counted, balance: 1, observer)
    }
  }

  /// Counts the colours of an image with all the weights that a palette is
  /// fitted with: the importance of pixels and the options' `balance`.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - observer: Called for the stage.
  /// - Returns: The colours.
  /// - Throws: As ``histogram(of:observer:)``.
  /// - Complexity: O(pixels).
  package func weightedHistogram(
    of pixels: Pixels, observer: Observer? = nil
  ) throws(QuantizationError) -> ColorHistogram {
    try metered(observer) { observer throws(QuantizationError) in
      try histogram(
        of: pixels, counted: nil, balance: options.balance, observer)
    }
  }

  private func histogram(
    of pixels: Pixels, counted: ColorHistogram?, balance: Double,
    _ observer: Observer?
  ) throws(QuantizationError) -> ColorHistogram {
    observer?(.stage(.histogram))
    var histogram = WorkMeter.part(0...0.5) {
      counted ?? ColorHistogram(of: pixels, workers: workers)
    }
    try FittedPalette.check(histogram, options)
    try WorkMeter.part(0.5...1) { () throws(QuantizationError) in
      try histogram.weigh(
        by: options.importance, balance: balance, pixels, workers: workers)
    }
    return histogram
  }

  /// Fits a palette to colours that were counted: strip by strip
  /// (``StripCounter``), or in many images (``HistogramMerger``).
  ///
  /// - Parameters:
  ///   - histogram: The colours. Where pixels are to count by their importance,
  ///     it has such weights; the options' `balance` comes on top of them.
  ///   - observer: Called for every event.
  /// - Returns: The palette, the fitted model and figures.
  /// - Throws: `QuantizationError`.
  /// - Complexity: O(colours × components) an iteration.
  public func palette(
    of histogram: ColorHistogram, observer: Observer? = nil
  ) throws(QuantizationError) -> FittedPalette {
    try metered(observer) { observer throws(QuantizationError) in
      observer?(.stage(.histogram))
      var histogram = histogram
      try FittedPalette.check(histogram, options)
      histogram.balance(options.balance)
      aim(&histogram)
      return try FittedPalette(histogram, options, observer: observer)
    }
  }

  /// Maps any image to a palette that was fitted before, to this image or to
  /// others; the palette's colours stay as they are.
  ///
  ///     let fitted = try quantizer.palette(of: first)
  ///     let images = try frames.map { try quantizer.map($0, to: fitted) }
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - fitted: The palette.
  ///   - observer: Called for every stage.
  /// - Returns: The mapped pixels, with those entries of the palette that they
  ///   use, and figures of this image.
  /// - Throws: `QuantizationError.noOpaqueColor` where all entries are fully
  ///   transparent, or `.tooManyToDither`.
  /// - Complexity: O(pixels) + O(colours × entries).
  public func map(
    _ pixels: Pixels, to fitted: FittedPalette, observer: Observer? = nil
  ) throws(QuantizationError) -> QuantizedImage {
    var options = options
    options.start = .palette(try FixedPalette(fitted.palette))
    options.pinned = []
    return try Quantizer(options).quantize(pixels, observer: observer)
  }

  /// Maps an image to the palette that is fitted to it.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - fitted: The palette of exactly this image.
  ///   - observer: Called for every stage.
  /// - Returns: The mapped pixels and figures.
  /// - Throws: `QuantizationError.tooManyToDither`.
  package func mapped(
    _ pixels: Pixels, _ fitted: FittedPalette, observer: Observer? = nil
  ) throws(QuantizationError) -> QuantizedImage {
    observer?(.stage(.map))
    return try QuantizedImage(pixels, fitted, options)
  }

  /// Does work, and tells an observer how far its stages are, unless somebody is
  /// told of all this thread does already.
  private func metered<Result>(
    _ observer: Observer?,
    _ body: (Observer?) throws(QuantizationError) -> Result
  ) throws(QuantizationError) -> Result {
    guard let observer, WorkMeter.current == nil else {
      return try body(observer)
    }
    let meter = StageMeter<QuantizerEvent.Stage> { observer(.progress($0, $1)) }
    let result = try meter.run { () throws(QuantizationError) in
      try body { event in
        if case .stage(let stage) = event { meter.begin(stage) }
        observer(event)
      }
    }
    meter.end()
    return result
  }

  /// Lets colours count by what the palette is for.
  private func aim(_ histogram: inout ColorHistogram) {
    guard options.aim == .recolor else { return }
    histogram.favorExtremes(in: options.space, workers: workers)
  }

  private var workers: Workers { Workers(threads: options.threads) }
}
