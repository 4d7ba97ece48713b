extension TruncatedEM {
  /// Fits a mixture to points that are too many to be in memory at once.
  ///
  /// E-steps are exact, and go through the parts one after the other; a component
  /// that no point is nearest to stays where it is.
  ///
  /// - Parameters:
  ///   - parts: The number of parts, at least 1.
  ///   - start: The means to start from.
  ///   - resumes: Whether all parameters are taken from `start`, and not its means
  ///     alone, as `fit(_:from:truncation:observer:)` does. A model whose
  ///     variance is 0 has only means.
  ///   - truncation: C'.
  ///   - observer: Called after every E-step.
  ///   - part: Makes the tree of a part, the same each time; no two have points in
  ///     common.
  /// - Returns: The fitted model.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  /// - Complexity: An iteration is O(points × components × D) at worst, and makes
  ///   all trees; memory for one of them.
  public func fit(
    parts: Int, from start: MixtureModel, resumes: Bool, truncation: Truncation,
    observer: Observer? = nil, _ part: (Int) -> PointTree
  ) throws(FitError) -> Fit {
    let truncation = try truncation.clamped(to: start.components)
    return try withoutActuallyEscaping(part) { part throws(FitError) in
      var step = PartsExpectation(parts: parts) {
        number, model throws(FitError) in
        try expectation(part(number), model, truncation)
      }
      let resumes = resumes && start.hasVariance
      let usual: Acceleration =
        resumes && truncation != .hard ? .anderson : .plain
      return try run(
        from: start, resumes: resumes, &step, truncation: truncation,
        options.acceleration ?? usual, observer)
    }
  }
}
