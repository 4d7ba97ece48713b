import ImageQuality
import ParallelWork
import Rasters
import TruncatedEM

/// Chooses the number of colours of one image.
struct ColorCountSelector {
  let choice: ColorCountChoice
  let options: QuantizerOptions

  /// The colours.
  let points: ColorPoints

  /// The image, where it is dithered and in memory.
  let dithered: Pixels?

  /// Called for every number that is tried.
  let observer: Quantizer.Observer?

  /// The square of a step over the variance of rounding to it. A Gaussian that is
  /// narrower than a step has more than all of its mass on one value, and every
  /// value of a grey picture would be a component.
  private static let stepVariance = 12.0

  /// How far the logarithm of an error may be from a line over that of the number of
  /// colours, as far as has been seen: luck of the search.
  private static let play = 0.04

  /// Enough components for F to be close to that of all of them.
  private static let softTruncation = Truncation(4)

  private var histogram: ColorHistogram { points.histogram }

  /// Entries that are not fitted.
  private var reserved: Int { histogram.transparentEntries }

  /// Entries that come before the first number that is tried: with pinned
  /// colours that is their number.
  private var skipped: Int { max(0, options.pinned.count - 1) }

  /// One number that was tried for a target.
  private struct Trial {
    let fit: Fit
    let quality: Quality

    /// The error that ``QualityScale`` is about: of what is seen, with dithering
    /// times the ratio of the errors that the eye sees with and without.
    let seen: Distortion
  }

  /// Chooses.
  ///
  /// - Returns: The fit, exactly that of a job with this number of colours,
  ///   and the numbers that were tried.
  /// - Throws: `QuantizationError.targetMissed`, `.qualityMissed` or `.fit`.
  func select() throws(QuantizationError) -> (
    fit: Fit, selection: ColorCountSelection
  ) {
    let (fit, candidates) =
      switch choice.rule {
      case .criterion(let criterion): try select(by: criterion)
      case .target(let target): try select(by: target)
      case .quality(let range): try select(by: range)
      }
    return (fit, ColorCountSelection(choice: choice, candidates: candidates))
  }

  private typealias Candidate = ColorCountSelection.Candidate

  private func select(
    by criterion: InformationCriterion
  ) throws(QuantizationError) -> (Fit, [Candidate]) {
    var selection = SelectionOptions()
    selection.criterion = criterion
    selection.most = histogram.components(ofColors: choice.most.count)
    selection.pinned = points.pinnedMeans(keeping: options.pinned)
    selection.triesPinnedAlone = !options.pinned.isEmpty
    selection.truncation = criterionTruncation
    // σ² is known to no better.
    selection.leastVariance =
      histogram.roundingVariance(in: points.space)
      * (comparesSoftly ? Self.stepVariance : 1)
    selection.seed = options.seed
    func candidate(_ tried: ComponentSelection.Candidate) -> Candidate {
      Candidate(
        colors: tried.components + histogram.separateEntries,
        figures: .criterion(
          freeEnergy: tried.freeEnergy, value: tried.value))
    }
    let result = try WorkMeter.part(0...(comparesSoftly ? 0.9 : 1)) {
      () throws(QuantizationError) in
      try criterionPoints().fit(choosing: selection) {
        observer?(.candidate(candidate($0)))
      }
    }
    let candidates = result.candidates.map(candidate)
    guard comparesSoftly else { return (result.fit, candidates) }
    let fit = try WorkMeter.part(0.9...1) { () throws(QuantizationError) in
      try points.fit(
        colors: result.fit.model.components + histogram.separateEntries,
        keeping: options.pinned, truncation: options.truncation,
        seed: options.seed)
    }
    return (fit, candidates)
  }

  /// Whether a criterion compares other mixtures than those that are asked for:
  /// ones with mixing weights, and a posterior of several components.
  ///
  /// With one coordinate of colour and equal weights, F of k-means tells
  /// nothing: to cut an even cluster in half gains log 2 and costs log 2, so
  /// that one cluster is best (docs/guides/choosing-k.md).
  private var comparesSoftly: Bool {
    points.space.isGrey && options.truncation == .hard
  }

  private var criterionTruncation: Truncation {
    comparesSoftly ? Self.softTruncation : options.truncation
  }

  private func criterionPoints() throws(QuantizationError) -> ColorPoints {
    guard comparesSoftly else { return points }
    var points = points
    var fitting = points.engine.options
    fitting.mixingWeights = .learned
    points.engine = try rethrowing { () throws(FitError) in
      try TruncatedEM(fitting)
    }
    return points
  }

  private func select(
    by target: QualityTarget
  ) throws(QuantizationError) -> (Fit, [Candidate]) {
    let measure =
      target.colorDifference == nil
      ? nil
      : ColorDifferenceMeasure(
        histogram, workers: Workers(threads: options.threads))
    var candidates: [Candidate] = []
    let found = try search().smallest(
      reaching: { (trial: Trial) in target.excess(of: trial.quality) },
      play: Self.play,
      { number throws(QuantizationError) in
        try attempt(number, measure, scales: false, &candidates)
      })
    guard target.excess(of: found.quality) <= 0 else {
      throw .targetMissed(
        target, by: found.quality, colors: mostTried + reserved)
    }
    return (found.fit, candidates)
  }

  private func select(
    by range: QualityRange
  ) throws(QuantizationError) -> (Fit, [Candidate]) {
    var candidates: [Candidate] = []
    func tried(_ number: Int) throws(QuantizationError) -> Trial {
      try attempt(number, nil, scales: true, &candidates)
    }
    // Nothing below all colours is perfect, so there is nothing to search for.
    let found =
      range.most == QualityScale.range.upperBound
      ? try tried(mostTried - skipped)
      : try search().smallest(
        reaching: { (trial: Trial) in
          range.excess(of: trial.seen)
        }, tried)
    guard range.isWorth(found.seen) else {
      throw .qualityMissed(
        range, by: QualityScale.quality(of: found.seen),
        colors: mostTried + reserved)
    }
    return (found.fit, candidates)
  }

  /// The largest number that is tried: as many colours as there are give the
  /// image itself, whatever is pinned as well.
  private var mostTried: Int {
    min(
      choice.most.count - reserved,
      max(1, histogram.visible.count) + options.pinned.count)
  }

  private func search() throws(QuantizationError) -> ComponentSearch {
    try rethrowing { () throws(FitError) in
      try ComponentSearch(upTo: mostTried - skipped)
    }
  }

  /// Fits a number of colours and measures the palette.
  private func attempt(
    _ number: Int, _ measure: ColorDifferenceMeasure?, scales: Bool,
    _ candidates: inout [Candidate]
  ) throws(QuantizationError) -> Trial {
    let colors = number + skipped + reserved
    let share = dithered == nil ? 0.9 : 0.3
    let fit = try WorkMeter.part(0...share) { () throws(QuantizationError) in
      try points.fit(
        colors: colors, keeping: options.pinned,
        truncation: options.truncation, seed: options.seed)
    }
    let trial = try WorkMeter.part(share...1) {
      () throws(QuantizationError) in
      try measured(fit, measure, scales: scales)
    }
    let candidate = Candidate(
      colors: colors,
      figures: .quality(
        trial.quality,
        scaled: scales ? QualityScale.quality(of: trial.seen) : nil))
    candidates.append(candidate)
    observer?(.candidate(candidate))
    return trial
  }

  /// Measures the image as a fit would show it.
  private func measured(
    _ fit: Fit, _ measure: ColorDifferenceMeasure?, scales: Bool
  ) throws(QuantizationError) -> Trial {
    let assignment = try FittedPalette.assignment(fit.model, points, options)
    var dithering: DitherTrial?
    if let dithered {
      dithering = try DitherTrial(dithered, assignment, options)
    }
    let quality = Quality(
      distortion: Distortion(
        squaredError: dithering?.squaredError ?? assignment.squaredError,
        pixels: histogram.pixelCount),
      colorDifference: measure?.mean(
        of: dithering?.mappedColors() ?? MappedColors(assignment)))
    guard scales else {
      return Trial(fit: fit, quality: quality, seen: quality.distortion)
    }
    let seen = assignment.seenDistortion()
    guard let dithering else {
      return Trial(fit: fit, quality: quality, seen: seen)
    }
    let ratio = dithering.eyeRatio()
    return Trial(
      fit: fit, quality: quality,
      seen: Distortion(
        squaredError: ratio * seen.meanSquaredError, pixels: 1))
  }
}
