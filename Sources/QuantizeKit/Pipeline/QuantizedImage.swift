public import Metrics
import ParallelWork
public import Quantization
public import Rasters
public import TruncatedEM

/// An image reduced to a palette, in memory, with all that was found on the
/// way: histogram → fit → palette → mapping.
public struct QuantizedImage: Sendable {
  /// What the pixels were mapped to.
  public enum Mapped: Sendable {
    /// Numbers of palette entries.
    case indexed(IndexedImage)

    /// Colours, where the palette has more than 256.
    case colors(Raster)
  }

  /// What was fitted, and how.
  public let fit: Fit

  /// How the number of colours was chosen, if it was.
  public let selection: SelectionRecord?

  /// J per pixel of the fitted means, before they were rounded, in units of the
  /// working space squared.
  public let inertia: Double

  /// The palette, in its order.
  public let palette: Palette

  /// How many rounds of fitting the palette to its dithering were kept; `nil`
  /// without dithering.
  public let ditherRounds: Int?

  /// The colours of the image.
  public let histogram: ColorHistogram

  /// The number of different colours of the image.
  public var distinctColors: Int { histogram.count }

  /// Entries of the palette that are not components of the fit: 1 where fully
  /// transparent pixels have such a one, 0 elsewhere.
  public let reservedEntries: Int

  /// The mapped pixels.
  public let mapped: Mapped

  /// How far they are from the image's.
  public let distortion: Distortion

  /// Reduces an image to a palette.
  ///
  /// - Parameters:
  ///   - pixels: The image, its alpha treated.
  ///   - options: How.
  ///   - stopwatch: Gets the time of each stage.
  ///   - observer: Called after every iteration, but not while the number of
  ///     colours is chosen.
  ///   - candidates: Called for every number of colours tried.
  /// - Throws: `QuantizationError.tooFewColors`, `.tooFewForPinned`,
  ///   `.targetMissed`, `.qualityMissed` or `.fit`.
  /// - Complexity: O(pixels) + O(colours × components) an iteration.
  public init(
    _ pixels: Pixels, _ options: QuantizeOptions,
    stopwatch: inout Stopwatch, observer: TruncatedEM.Observer? = nil,
    candidates: SelectionRecord.Observer? = nil
  ) throws(QuantizationError) {
    let workers = Workers(threads: options.threads)
    stopwatch.start(.histogram)
    var histogram = ColorHistogram(of: pixels, workers: workers)
    histogram.space = options.space
    try FittedPalette.check(histogram, options)
    try histogram.weigh(
      by: options.importance, balance: options.balance, pixels,
      workers: workers)
    let fitted = try FittedPalette(
      histogram, options, stopwatch: &stopwatch, observer: observer,
      candidates: candidates)
    try self.init(pixels, histogram, fitted, options, stopwatch: &stopwatch)
  }

  /// Maps an image to a palette that is fitted.
  ///
  /// - Parameters:
  ///   - pixels: The image, its alpha treated.
  ///   - histogram: Its colours.
  ///   - fitted: The palette.
  ///   - options: How.
  ///   - stopwatch: Gets the time of each stage.
  /// - Throws: `QuantizationError.tooManyToDither`.
  /// - Complexity: O(pixels).
  init(
    _ pixels: Pixels, _ histogram: ColorHistogram, _ fitted: FittedPalette,
    _ options: QuantizeOptions, stopwatch: inout Stopwatch
  ) throws(QuantizationError) {
    let workers = Workers(threads: options.threads)
    stopwatch.start(.map)
    fit = fitted.fit
    selection = fitted.selection
    inertia = fitted.inertia
    let assignment = fitted.assignment
    let squaredError: Double
    if options.dither.method == .none {
      let map = ColorMap(histogram, assignment)
      palette = assignment.palette
      ditherRounds = nil
      squaredError = assignment.squaredError
      mapped =
        map.indexed(pixels, workers: workers).map(Mapped.indexed)
        ?? .colors(map.mapped(pixels, workers: workers))
    } else {
      let image = try Self.dithered(pixels, histogram, assignment, options)
      palette = image.palette
      ditherRounds = image.rounds
      squaredError = image.squaredError
      mapped = image.indexed().map(Mapped.indexed) ?? .colors(image.mapped())
    }
    stopwatch.stop()
    self.histogram = histogram
    reservedEntries = histogram.ownEntries
    distortion = Distortion(
      squaredError: squaredError, pixels: pixels.size.pixelCount)
  }

  /// Dithers an image, and fits the palette to that unless it is given.
  private static func dithered(
    _ pixels: Pixels, _ histogram: ColorHistogram,
    _ assignment: ColorAssignment, _ options: QuantizeOptions
  ) throws(QuantizationError) -> DitheredImage {
    try options.checkDithering(assignment.palette)
    return options.ditherer.dither(
      pixels, histogram, assignment, isFixed: options.isPinned)
  }

  /// What was found, without the pixels.
  var summary: QuantizationSummary {
    QuantizationSummary(
      fit: fit, selection: selection, inertia: inertia, palette: palette,
      ditherRounds: ditherRounds, distinctColors: distinctColors,
      reservedEntries: reservedEntries)
  }

  /// The mapped pixels as colours.
  ///
  /// - Returns: An image with alpha where the palette has any.
  public func raster() -> Raster {
    switch mapped {
    case .colors(let raster):
      return raster
    case .indexed(let image):
      let channels: Raster.Channels = image.alphas.isEmpty ? .rgb : .rgba
      var samples: [UInt8] = []
      samples.reserveCapacity(channels.count * image.indices.count)
      for index in image.indices {
        let color = image.palette[Int(index)]
        samples.append(color.red)
        samples.append(color.green)
        samples.append(color.blue)
        guard channels == .rgba else { continue }
        samples.append(
          index < image.alphas.count ? image.alphas[Int(index)] : 255)
      }
      return Raster(size: image.size, channels: channels, samples: samples)
    }
  }
}
