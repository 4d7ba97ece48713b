import ParallelWork
public import TruncatedEM

/// A palette fitted to the colours of one image, or of many.
///
/// ``Quantizer/palette(of:observer:)-(Pixels,_)`` makes it; ``Quantizer/map(_:to:observer:)``
/// maps further images to it.
public struct FittedPalette: Sendable {
  /// The colours that it was fitted to, with their weights.
  public let histogram: ColorHistogram

  /// The fitted model, in the coordinates of the working space, with F, J and σ²
  /// of each iteration and whether it converged.
  public let fit: Fit

  /// How the number of colours was chosen, if it was.
  public let selection: ColorCountSelection?

  /// J per unit of weight of the fitted means, before they were rounded, in units
  /// of the working space squared.
  public let inertia: Double

  /// Which of the palette's entries each colour is mapped to.
  public let assignment: ColorAssignment

  /// The palette, in its order.
  public var palette: Palette { assignment.palette }
}

extension FittedPalette {
  /// Refuses colours that the options leave no room for.
  ///
  /// - Parameters:
  ///   - histogram: The colours.
  ///   - options: How.
  /// - Throws: `QuantizationError.tooFewColors`, `.tooFewForPinned` or
  ///   `.noUsableMean`.
  package static func check(
    _ histogram: ColorHistogram, _ options: QuantizerOptions
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
  ///   - observer: Called for every stage, iteration and candidate.
  /// - Throws: `QuantizationError.targetMissed`, `.qualityMissed` or `.fit`.
  /// - Complexity: O(colours × components) an iteration.
  init(
    _ histogram: ColorHistogram, _ options: QuantizerOptions,
    observer: Quantizer.Observer?
  ) throws(QuantizationError) {
    let tree = histogram.fittingTree(
      workers: Workers(threads: options.threads))

    observer?(.stage(.fit))
    let engine: TruncatedEM
    do {
      engine = try TruncatedEM(FitOptions(options))
    } catch {
      throw .fit(error)
    }
    let fit: Fit
    let selection: ColorCountSelection?
    if case .choose(let choice) = options.start {
      let selector = ColorCountSelector(
        choice: choice, options: options, histogram: histogram, tree: tree,
        engine: engine, observer: observer)
      (fit, selection) = try selector.select()
    } else {
      fit = try Self.fitted(tree, histogram, options, engine, observer)
      selection = nil
    }
    try self.init(
      fit, selection, histogram, tree, engine, options, observer: observer)
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
  ///   - observer: Called for every stage.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  package init(
    _ fit: Fit, _ selection: ColorCountSelection? = nil,
    _ histogram: ColorHistogram, _ tree: PointTree, _ engine: TruncatedEM,
    _ options: QuantizerOptions, observer: Quantizer.Observer? = nil
  ) throws(QuantizationError) {
    self.histogram = histogram
    self.fit = fit
    self.selection = selection
    observer?(.stage(.fit))
    do {
      inertia = try histogram.inertia(of: fit.model, tree, engine)
    } catch {
      throw .fit(error)
    }

    observer?(.stage(.map))
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
    _ tree: PointTree, _ histogram: ColorHistogram,
    _ options: QuantizerOptions, _ engine: TruncatedEM,
    _ observer: Quantizer.Observer?
  ) throws(QuantizationError) -> Fit {
    func iteration(_ statistics: IterationStatistics)
      -> TruncatedEM.Continuation
    {
      observer?(.iteration(statistics))
      return .proceed
    }
    func start(at model: MixtureModel) throws(FitError) -> Fit {
      try histogram.fit(
        from: model, tree, engine,
        truncation: Truncation(
          min(options.truncation.count, model.components),
          of: model.components), observer: iteration)
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
          truncation: Truncation(
            min(options.truncation.count, components), of: components),
          seed: options.seed, observer: iteration)
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
