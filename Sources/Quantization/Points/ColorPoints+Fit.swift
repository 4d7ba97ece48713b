import ParallelWork
public import Rasters
public import TruncatedEM

extension ColorPoints {
  /// Iterations over all colours that end a fit to boxes: more gain nothing
  /// that could be seen.
  private static let mostFinalIterations = 6

  /// Searches the means that a fit starts from. They do not depend on C', so
  /// one search serves all of them.
  ///
  /// - Parameters:
  ///   - colors: k, the number of palette entries.
  ///   - pinned: Opaque colours that stay as they are, some of the k.
  ///   - seed: The same seed gives the same result.
  /// - Returns: As many means as `ColorHistogram.components(ofColors:)` says.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(points × components × log(components)) distances.
  public func search(
    colors: Int, keeping pinned: [RGBColor] = [], seed: UInt64 = 0
  ) throws(QuantizationError) -> MixtureModel {
    try rethrowing { () throws(FitError) in
      try engine.initialMeans(
        for: tree, components: histogram.components(ofColors: colors),
        pinned: pinnedMeans(keeping: pinned), seed: seed)
    }
  }

  /// Fits a mixture to all visible colours, searching means to start from.
  ///
  /// - Parameters:
  ///   - colors: k, the number of palette entries.
  ///   - pinned: Opaque colours that stay as they are, some of the k.
  ///   - truncation: C'; the number of components where that is less.
  ///   - seed: The same seed gives the same result.
  ///   - observer: Called after every E-step over all colours.
  /// - Returns: The fit.
  /// - Throws: `QuantizationError.fit`.
  public func fit(
    colors: Int, keeping pinned: [RGBColor] = [], truncation: Truncation,
    seed: UInt64 = 0, observer: TruncatedEM.Observer? = nil
  ) throws(QuantizationError) -> Fit {
    let start = try WorkMeter.part(0...0.7) { () throws(QuantizationError) in
      try search(colors: colors, keeping: pinned, seed: seed)
    }
    return try WorkMeter.part(0.7...1) { () throws(QuantizationError) in
      try fit(found: start, truncation: truncation, observer: observer)
    }
  }

  /// Fits a mixture to all visible colours, starting with means that a search
  /// has found.
  ///
  /// - Parameters:
  ///   - start: The means.
  ///   - truncation: C'; the number of components where that is less.
  ///   - observer: Called after every E-step over all colours.
  /// - Returns: The fit.
  /// - Throws: `QuantizationError.fit`.
  public func fit(
    found start: MixtureModel, truncation: Truncation,
    observer: TruncatedEM.Observer? = nil
  ) throws(QuantizationError) -> Fit {
    let fit = try WorkMeter.part(0...(areBoxes ? 0.6 : 1)) {
      () throws(QuantizationError) in
      try rethrowing { () throws(FitError) in
        try engine.fit(
          tree, found: start, truncation: truncation,
          observer: areBoxes ? nil : observer)
      }
    }
    return try WorkMeter.part((areBoxes ? 0.6 : 1)...1) {
      () throws(QuantizationError) in
      try refined(fit, observer: observer)
    }
  }

  /// Fits a mixture to all visible colours, starting with given means.
  ///
  /// - Parameters:
  ///   - start: The means; all iterations are over all colours.
  ///   - truncation: C'; the number of components where that is less.
  ///   - observer: Called after every E-step.
  /// - Returns: The fit.
  /// - Throws: `QuantizationError.fit`.
  public func fit(
    from start: MixtureModel, truncation: Truncation,
    observer: TruncatedEM.Observer? = nil
  ) throws(QuantizationError) -> Fit {
    guard areBoxes else {
      return try rethrowing { () throws(FitError) in
        try engine.fit(
          tree, from: start, truncation: truncation, observer: observer)
      }
    }
    return try fit(from: start, resumes: false, engine, truncation, observer)
  }

  /// Chooses the number of components by a criterion.
  ///
  /// - Parameters:
  ///   - selection: How.
  ///   - observer: Called for every number tried.
  /// - Returns: The fit to all visible colours, and the numbers that were
  ///   tried.
  /// - Throws: `QuantizationError.fit`.
  func fit(
    choosing selection: SelectionOptions,
    observer: ((ComponentSelection.Candidate) -> Void)? = nil
  ) throws(QuantizationError) -> (
    fit: Fit, candidates: [ComponentSelection.Candidate]
  ) {
    let result = try WorkMeter.part(0...(areBoxes ? 0.8 : 1)) {
      () throws(QuantizationError) in
      try rethrowing { () throws(FitError) in
        try engine.fit(tree, choosing: selection, observer: observer)
      }
    }
    return (try refined(result.fit), result.candidates)
  }

  /// Ends a fit to boxes with iterations over all colours.
  ///
  /// - Parameters:
  ///   - fit: A fit to ``tree``.
  ///   - observer: Called after every E-step over all colours.
  /// - Returns: The fit, with the iterations over all colours alone; as it was
  ///   where the points are all colours, or nothing was to be fitted.
  /// - Throws: `QuantizationError.fit`.
  private func refined(
    _ fit: Fit, observer: TruncatedEM.Observer? = nil
  ) throws(QuantizationError) -> Fit {
    guard areBoxes, !fit.iterations.isEmpty else { return fit }
    var options = engine.options
    options.maximumIterations = min(
      Self.mostFinalIterations, options.maximumIterations)
    let last = try rethrowing { () throws(FitError) in
      try TruncatedEM(options)
    }
    return try self.fit(
      from: fit.model, resumes: true, last, fit.truncation, observer)
  }

  /// Fits to all visible colours, some at a time.
  private func fit(
    from start: MixtureModel, resumes: Bool, _ engine: TruncatedEM,
    _ truncation: Truncation, _ observer: TruncatedEM.Observer?
  ) throws(QuantizationError) -> Fit {
    // Colours without weight move no mean.
    let chunks = chunks.filter { histogram.totalWeight(of: $0) > 0 }
    return try rethrowing { () throws(FitError) in
      try engine.fit(
        parts: chunks.count, from: start, resumes: resumes,
        truncation: truncation, observer: observer
      ) { tree(of: chunks[$0], dimension: start.dimension) }
    }
  }
}

/// Runs a part of the engine's work.
///
/// - Throws: `QuantizationError.fit` with the engine's error.
func rethrowing<Result>(
  _ body: () throws(FitError) -> Result
) throws(QuantizationError) -> Result {
  do {
    return try body()
  } catch {
    throw .fit(error)
  }
}
