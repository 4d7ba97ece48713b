import ParallelWork
import Rasters
public import TruncatedEM

/// A palette fitted to the colours of one image, or of many.
///
/// `Quantizer.palette(of:)` makes it; ``Quantizer/map(_:to:observer:)`` maps
/// further images to it.
public struct FittedPalette: Sendable {
  /// The fitted model, in the coordinates of the working space, with F, J and
  /// σ² of each iteration and whether it converged.
  public let fit: Fit

  /// How the number of colours was chosen, if it was.
  public let selection: ColorCountSelection?

  /// Which of the palette's entries each colour is mapped to.
  public let assignment: ColorAssignment

  /// The palette, in its order.
  public var palette: Palette { assignment.palette }

  /// The number of colours asked for and that of those left, where rounding to 8
  /// bits made some equal that 16 bits would not; `nil` where it did not.
  public var roundingLoss: (asked: Int, left: Int)? {
    let asked = fit.model.components + histogram.separateEntries
    let left = palette.entries.count
    return assignment.mergedMeans > 0 && left < asked ? (asked, left) : nil
  }

  /// The colours that it was fitted to, with their weights.
  public var histogram: ColorHistogram { assignment.histogram }

  /// The working space of ``fit``.
  public var space: CompositeSpace { assignment.space }

  /// J per unit of weight of the fitted means, before they were rounded, in
  /// units of the working space squared; measured when it is asked for.
  ///
  /// - Complexity: O(colours × components) distances.
  public var inertia: Double {
    // No model that was fitted to these colours is refused.
    let points = ColorPoints(histogram, in: space, engine: engine)
    return (try? points.inertia(of: fit.model)) ?? .nan
  }

  /// What it was fitted with.
  private let engine: TruncatedEM
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
    let reserved = histogram.transparentEntries
    switch options.start {
    case .palette, .subset:
      break  // The entry of transparent pixels comes on top.
    case .means(let model):
      guard histogram.canStart(at: model) else { throw .noUsableMean }
    case .search, .choose:
      guard options.components > reserved else {
        throw .tooFewColors(options.components)
      }
      guard options.components >= reserved + options.pinned.count else {
        throw .tooFewForPinned(
          options.components, pinned: options.pinned.count, reserved: reserved)
      }
    }
  }

  /// Fits a palette.
  ///
  /// - Parameters:
  ///   - histogram: The colours, of which `check` found nothing wrong, with
  ///     their weights.
  ///   - options: How.
  ///   - pixels: The image, where it is in memory. A number of colours is then
  ///     chosen by the look of its dithering.
  ///   - observer: Called for every stage, iteration and candidate.
  /// - Throws: `QuantizationError.targetMissed`, `.qualityMissed` or `.fit`.
  /// - Complexity: O(colours × components) an iteration.
  init(
    _ histogram: ColorHistogram, _ options: QuantizerOptions,
    of pixels: Pixels? = nil, observer: Quantizer.Observer?
  ) throws(QuantizationError) {
    let points = ColorPoints(
      histogram, in: options.space(of: histogram),
      engine: try options.engine(for: histogram))
    observer?(.stage(.fit))
    var options = options
    if case .subset(let size, let given) = options.start {
      options.start = .palette(
        try PaletteSubset.best(
          size, of: given, for: points, seed: options.seed))
    }
    let fit: Fit
    let selection: ColorCountSelection?
    if case .choose(let choice) = options.start {
      let selector = ColorCountSelector(
        choice: choice, options: options, points: points,
        dithered: options.measuresDithering ? pixels : nil,
        observer: observer)
      (fit, selection) = try selector.select()
    } else {
      fit = try Self.fit(points, options, observer)
      selection = nil
    }
    try self.init(fit, selection, points, options, observer: observer)
  }

  /// Makes the palette of a fit.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - selection: How the number of colours was chosen, if it was.
  ///   - points: The colours that it is a fit to.
  ///   - options: How.
  ///   - observer: Called for every stage.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  package init(
    _ fit: Fit, _ selection: ColorCountSelection? = nil,
    _ points: ColorPoints, _ options: QuantizerOptions,
    observer: Quantizer.Observer? = nil
  ) throws(QuantizationError) {
    self.fit = fit
    self.selection = selection
    engine = points.engine
    observer?(.stage(.map))
    assignment = try WorkMeter.part(0...0.1) { () throws(QuantizationError) in
      try Self.assignment(
        fit.model, points, options,
        isGiven: options.start.isMeans && fit.iterations.isEmpty)
    }
  }

  /// The palette of a model, and the entry of each colour.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - points: The colours that it is fitted to.
  ///   - options: How.
  ///   - isGiven: Whether its means were given by the user.
  /// - Returns: The rounded means, or the colours that stand for them.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  static func assignment(
    _ model: MixtureModel, _ points: ColorPoints, _ options: QuantizerOptions,
    isGiven: Bool = false
  ) throws(QuantizationError) -> ColorAssignment {
    if let palette = try given(model, points, options) {
      return try ColorAssignment(
        palette, of: points, keepsUnused: options.dither.method != .none)
    }
    return try ColorAssignment(
      rounding: model, of: points, posterization: options.posterization,
      depth: options.paletteDepth, isGiven: isGiven)
  }

  /// The colours that are not rounded means, if there are any.
  private static func given(
    _ model: MixtureModel, _ points: ColorPoints, _ options: QuantizerOptions
  ) throws(QuantizationError) -> FixedPalette? {
    if case .palette(let palette) = options.start { return palette }
    guard options.takesImageColors, !points.histogram.visible.isEmpty else {
      return nil
    }
    return try PaletteMedoids.palette(near: model, of: points)
  }

  /// The fit of a number of colours that was asked for.
  private static func fit(
    _ points: ColorPoints, _ options: QuantizerOptions,
    _ observer: Quantizer.Observer?
  ) throws(QuantizationError) -> Fit {
    func iteration(_ statistics: IterationStatistics)
      -> TruncatedEM.Continuation
    {
      observer?(.iteration(statistics))
      return .proceed
    }
    let start: MixtureModel
    switch options.start {
    case .search, .choose:
      return try points.fit(
        colors: options.components, keeping: options.pinned,
        truncation: options.truncation, seed: options.seed,
        observer: iteration)
    case .means(let given): start = try points.workingModel(given)
    case .palette(let palette), .subset(_, of: let palette):
      start = try points.workingModel(palette)
    }
    return try points.fit(
      from: start, truncation: options.truncation, observer: iteration)
  }
}
