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
    switch options.start {
    case .palette:
      break  // The entry of transparent pixels comes on top.
    case .means(let model):
      guard histogram.canStart(at: model) else { throw .noUsableMean }
    case .search, .choose:
      guard options.components > histogram.reservedEntries else {
        throw .tooFewColors(options.components)
      }
      guard
        options.components
          >= histogram.reservedEntries + options.pinned.count
      else {
        throw .tooFewForPinned(
          options.components, pinned: options.pinned.count,
          reserved: histogram.reservedEntries)
      }
    }
    try histogram.weigh(
      by: options.importance, balance: options.balance, pixels,
      workers: workers)
    let tree = histogram.tree(workers: workers)

    stopwatch.start(.fit)
    let engine: TruncatedEM
    do {
      engine = try TruncatedEM(FitOptions(options))
    } catch {
      throw .fit(error)
    }
    if case .choose(let choice) = options.start {
      let selector = ColorCountSelector(
        choice: choice, options: options, histogram: histogram, tree: tree,
        engine: engine)
      let selected = try selector.select(observer: candidates)
      fit = selected.fit
      selection = selected.record
    } else {
      fit = try Self.fitted(tree, histogram, options, engine, observer)
      selection = nil
    }
    do {
      inertia =
        try engine.evaluate(tree, fit.model, truncation: .hard).inertia
    } catch {
      throw .fit(error)
    }

    stopwatch.start(.map)
    let assignment: ColorAssignment
    if case .palette(let palette) = options.start {
      assignment = try ColorAssignment(
        palette, histogram: histogram, tree: tree, engine: engine,
        keepsUnused: options.dither.method != .none)
    } else {
      assignment = try ColorAssignment(
        rounding: fit.model, histogram: histogram, tree: tree,
        engine: engine, posterization: options.posterization,
        isGiven: options.start.isMeans && fit.iterations.isEmpty)
    }
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
    reservedEntries =
      histogram.reservedEntries - (histogram.pinnedMeans?.components ?? 0)
    distortion = Distortion(
      squaredError: squaredError, pixels: pixels.size.pixelCount)
  }

  /// Dithers an image, and fits the palette to that unless it is given.
  private static func dithered(
    _ pixels: Pixels, _ histogram: ColorHistogram,
    _ assignment: ColorAssignment, _ options: QuantizeOptions
  ) throws(QuantizationError) -> DitheredImage {
    guard assignment.palette.entries.count <= Ditherer.mostEntries else {
      throw .tooManyToDither(assignment.palette.entries.count)
    }
    var dither = options.dither
    let pinned = Set(options.pinned)
    if case .palette = options.start { dither.rounds = 0 }
    let ditherer = Ditherer(
      dither, posterization: options.posterization,
      workers: Workers(threads: options.threads))
    return ditherer.dither(pixels, histogram, assignment) {
      $0.alpha == 255 && pinned.contains($0.color)
    }
  }

  /// The fit of a number of colours that was asked for.
  private static func fitted(
    _ tree: PointTree, _ histogram: ColorHistogram, _ options: QuantizeOptions,
    _ engine: TruncatedEM, _ observer: TruncatedEM.Observer?
  ) throws(QuantizationError) -> Fit {
    do {
      switch options.start {
      case .search, .choose:
        let pinned = histogram.pinnedMeans(keeping: options.pinned)
        let components =
          options.components - histogram.reservedEntries
          + (histogram.pinnedMeans?.components ?? 0)
        return try engine.fit(
          tree, components: components, pinned: pinned,
          truncation: Truncation(
            min(options.truncation.count, components), of: components),
          seed: options.seed, observer: observer)
      case .means(let given):
        let model = try histogram.workingModel(given)
        return try engine.fit(
          tree, from: model,
          truncation: Truncation(
            min(options.truncation.count, model.components),
            of: model.components), observer: observer)
      case .palette(let palette):
        let model = try histogram.workingModel(palette)
        return try engine.fit(
          tree, from: model,
          truncation: Truncation(
            min(options.truncation.count, model.components),
            of: model.components), observer: observer)
      }
    } catch {
      throw .fit(error)
    }
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

extension FitOptions {
  /// What of an image's options is for the engine.
  package init(_ options: QuantizeOptions) {
    self.init()
    threads = options.threads
    effort = options.effort
    mixing = options.mixing
    variance = options.variance
    leastComponentVariance = options.space.roundingVariance
    switch options.start {
    case .search, .choose:
      emptyComponents = .reseed
      if !isVariant {
        eStep = .fastest(
          components: options.components, truncation: options.truncation.count)
      }
      // The search is for the plain mixture, and leaves variants more to do.
      maximumIterations = effort.maximumIterations * (isVariant ? 3 : 1)
      tolerance = effort.tolerance
    case .means, .palette:
      emptyComponents = .keep
    }
    maximumIterations = options.maximumIterations ?? maximumIterations
    tolerance = options.tolerance ?? tolerance
    if case .palette = options.start { maximumIterations = 0 }
  }
}
