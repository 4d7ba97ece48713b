import Metrics
import ParallelWork
import Quantization
import TruncatedEM

/// Chooses the number of colours of one image.
struct ColorCountSelector {
  let choice: ColorCountChoice
  let options: QuantizeOptions
  let histogram: ColorHistogram

  /// `histogram.fittingTree()`.
  let tree: PointTree

  let engine: TruncatedEM

  /// Entries that are not fitted.
  private var reserved: Int { histogram.reservedEntries }

  /// Those of them that are components of the mixture.
  private var pinned: Int { histogram.pinnedMeans?.components ?? 0 }

  /// Entries that come before the first number that is tried: with pinned
  /// colours that is their number.
  private var skipped: Int { max(0, options.pinned.count - 1) }

  /// One number that was tried for a target.
  private struct Trial {
    let fit: Fit
    let quality: Quality
  }

  /// Chooses.
  ///
  /// - Parameter observer: Called for every number tried.
  /// - Returns: The fit, exactly that of a job with this number of colours,
  ///   and what was tried.
  /// - Throws: `QuantizationError.targetMissed`, `.qualityMissed` or `.fit`.
  func select(
    observer: SelectionRecord.Observer?
  ) throws(QuantizationError) -> (fit: Fit, record: SelectionRecord) {
    switch choice.rule {
    case .criterion(let criterion):
      try select(by: criterion, observer)
    case .target(let target):
      try select(by: target, observer)
    case .quality(let range):
      try select(by: range, observer)
    }
  }

  private func select(
    by criterion: InformationCriterion, _ observer: SelectionRecord.Observer?
  ) throws(QuantizationError) -> (fit: Fit, record: SelectionRecord) {
    var selection = SelectionOptions()
    selection.criterion = criterion
    selection.most = choice.most.count - reserved + pinned
    selection.pinned = histogram.pinnedMeans(keeping: options.pinned)
    selection.triesPinnedAlone = !options.pinned.isEmpty
    selection.truncation = options.truncation
    // σ² of 8-bit samples is known to no better.
    selection.leastVariance = histogram.space.roundingVariance
    selection.seed = options.seed
    let result: ComponentSelection
    let fit: Fit
    do {
      result = try engine.fit(tree, choosing: selection) {
        observer?(SelectionRecord.Candidate($0, reserved: reserved - pinned))
      }
      fit = try histogram.refined(result.fit, tree, engine)
    } catch {
      throw .fit(error)
    }
    let record = SelectionRecord(
      criterion: criterion, kMax: choice.most.count,
      candidates: result.candidates.map {
        SelectionRecord.Candidate($0, reserved: reserved - pinned)
      })
    return (fit, record)
  }

  private func select(
    by target: QualityTarget, _ observer: SelectionRecord.Observer?
  ) throws(QuantizationError) -> (fit: Fit, record: SelectionRecord) {
    let measure =
      target.colorDifference == nil
      ? nil
      : ColorDifferenceMeasure(
        histogram, workers: Workers(threads: options.threads))
    var candidates: [SelectionRecord.Candidate] = []
    let found = try search().smallest(
      reaching: { (trial: Trial) in target.excess(of: trial.quality) },
      { number throws(QuantizationError) in
        let count = number + skipped
        let trial = try attempt(count, measure)
        let candidate = SelectionRecord.Candidate(
          count + reserved, trial.quality)
        candidates.append(candidate)
        observer?(candidate)
        return trial
      })
    guard target.excess(of: found.quality) <= 0 else {
      throw .targetMissed(
        target, by: found.quality, colors: mostTried + reserved)
    }
    let record = SelectionRecord(
      target: target, kMax: choice.most.count, candidates: candidates)
    return (found.fit, record)
  }

  private func select(
    by range: QualityRange, _ observer: SelectionRecord.Observer?
  ) throws(QuantizationError) -> (fit: Fit, record: SelectionRecord) {
    var candidates: [SelectionRecord.Candidate] = []
    func tried(_ number: Int) throws(QuantizationError) -> Trial {
      let count = number + skipped
      let trial = try attempt(count, nil)
      let candidate = SelectionRecord.Candidate(
        count + reserved, trial.quality,
        scaled: QualityScale.quality(of: trial.quality.distortion))
      candidates.append(candidate)
      observer?(candidate)
      return trial
    }
    // Nothing below all colours is perfect, so there is nothing to search for.
    let found =
      range.most == QualityScale.range.upperBound
      ? try tried(mostTried - skipped)
      : try search().smallest(
        reaching: { (trial: Trial) in
          range.excess(of: trial.quality.distortion)
        }, tried)
    guard range.isWorth(found.quality.distortion) else {
      throw .qualityMissed(
        range, by: QualityScale.quality(of: found.quality.distortion),
        colors: mostTried + reserved)
    }
    let record = SelectionRecord(
      quality: range, kMax: choice.most.count, candidates: candidates)
    return (found.fit, record)
  }

  /// The largest number that is tried: as many colours as there are give the
  /// image itself, whatever is pinned beside them.
  private var mostTried: Int {
    min(
      choice.most.count - reserved,
      max(1, histogram.visible.count) + options.pinned.count)
  }

  private func search() throws(QuantizationError) -> ComponentSearch {
    do {
      return try ComponentSearch(upTo: mostTried - skipped)
    } catch {
      throw .fit(error)
    }
  }

  private func attempt(
    _ count: Int, _ measure: ColorDifferenceMeasure?
  ) throws(QuantizationError) -> Trial {
    let fit: Fit
    do {
      let components = count + pinned
      fit = try histogram.fit(
        tree, engine, components: components,
        pinned: histogram.pinnedMeans(keeping: options.pinned),
        truncation: options.truncation, seed: options.seed)
    } catch {
      throw .fit(error)
    }
    let assignment = try ColorAssignment(
      rounding: fit.model, histogram: histogram, tree: tree, engine: engine,
      posterization: options.posterization)
    return Trial(
      fit: fit,
      quality: Quality(
        distortion: Distortion(
          squaredError: assignment.squaredError,
          pixels: histogram.pixelCount),
        colorDifference: measure?.mean(of: assignment)))
  }
}
