import ParallelWork
import Quantization
import TruncatedEM

/// A palette fitted to the colours of one image, or of many: histogram → fit →
/// palette.
struct FittedPalette: Sendable {
  /// What was fitted, and how.
  let fit: Fit

  /// How the number of colours was chosen, if it was.
  let selection: SelectionRecord?

  /// J per pixel of the fitted means, before they were rounded.
  let inertia: Double

  /// The palette, and which of its entries each colour is mapped to.
  let assignment: ColorAssignment

  /// Refuses colours that the options leave no room for.
  ///
  /// - Parameters:
  ///   - histogram: The colours.
  ///   - options: How.
  /// - Throws: `QuantizationError.tooFewColors`, `.tooFewForPinned` or
  ///   `.noUsableMean`.
  static func check(
    _ histogram: ColorHistogram, _ options: QuantizeOptions
  ) throws(QuantizationError) {
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
  }

  /// Fits a palette.
  ///
  /// - Parameters:
  ///   - histogram: The colours, of which `check` found nothing wrong, with
  ///     their weights.
  ///   - options: How.
  ///   - stopwatch: Gets the time of each stage.
  ///   - observer: Called after every iteration, but not while the number of
  ///     colours is chosen.
  ///   - candidates: Called for every number of colours tried.
  /// - Throws: `QuantizationError.targetMissed`, `.qualityMissed` or `.fit`.
  /// - Complexity: O(colours × components) an iteration.
  init(
    _ histogram: ColorHistogram, _ options: QuantizeOptions,
    stopwatch: inout Stopwatch, observer: TruncatedEM.Observer? = nil,
    candidates: SelectionRecord.Observer? = nil
  ) throws(QuantizationError) {
    let tree = histogram.fittingTree(
      workers: Workers(threads: options.threads))

    stopwatch.start(.fit)
    let engine: TruncatedEM
    do {
      engine = try TruncatedEM(FitOptions(options))
    } catch {
      throw .fit(error)
    }
    let fit: Fit
    let selection: SelectionRecord?
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
    stopwatch.stop()
    try self.init(
      fit, selection, histogram, tree, engine, options, stopwatch: &stopwatch)
  }

  /// Makes the palette of a fit.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - selection: How the number of colours was chosen, if it was.
  ///   - histogram: The colours.
  ///   - tree: `histogram.fittingTree()`.
  ///   - engine: Finds the nearest means.
  ///   - options: How.
  ///   - stopwatch: Gets the time of each stage.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  init(
    _ fit: Fit, _ selection: SelectionRecord? = nil,
    _ histogram: ColorHistogram, _ tree: PointTree, _ engine: TruncatedEM,
    _ options: QuantizeOptions, stopwatch: inout Stopwatch
  ) throws(QuantizationError) {
    self.fit = fit
    self.selection = selection
    stopwatch.start(.fit)
    do {
      inertia = try histogram.inertia(of: fit.model, tree, engine)
    } catch {
      throw .fit(error)
    }

    stopwatch.start(.map)
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
  }

  /// The fit of a number of colours that was asked for.
  private static func fitted(
    _ tree: PointTree, _ histogram: ColorHistogram, _ options: QuantizeOptions,
    _ engine: TruncatedEM, _ observer: TruncatedEM.Observer?
  ) throws(QuantizationError) -> Fit {
    func start(at model: MixtureModel) throws(FitError) -> Fit {
      try histogram.fit(
        from: model, tree, engine,
        truncation: options.truncation, observer: observer)
    }
    do {
      switch options.start {
      case .search, .choose:
        let pinned = histogram.pinnedMeans(keeping: options.pinned)
        let components =
          options.components - histogram.reservedEntries
          + (histogram.pinnedMeans?.components ?? 0)
        return try histogram.fit(
          tree, engine, components: components, pinned: pinned,
          truncation: options.truncation, seed: options.seed,
          observer: observer)
      case .means(let given):
        return try start(at: histogram.workingModel(given))
      case .palette(let palette):
        return try start(at: histogram.workingModel(palette))
      }
    } catch {
      throw .fit(error)
    }
  }
}

extension FitOptions {
  /// What of an image's options is for the engine.
  package init(_ options: QuantizeOptions) {
    self.init()
    threads = options.threads
    effort = options.effort
    mixingWeights = options.mixing
    covariance = options.variance
    leastComponentVariance = options.space.roundingVariance
    switch options.start {
    case .search, .choose:
      emptyComponents = .reseed
      if !isGeneral {
        eStep = .fastest(
          components: options.components, truncation: options.truncation.count)
      }
      // The search is for the paper's mixture, and leaves others more to do.
      maximumIterations = effort.maximumIterations * (isGeneral ? 3 : 1)
      tolerance = effort.tolerance
    case .means, .palette:
      emptyComponents = .keep
    }
    maximumIterations = options.maximumIterations ?? maximumIterations
    tolerance = options.tolerance ?? tolerance
    if case .palette = options.start { maximumIterations = 0 }
  }
}
