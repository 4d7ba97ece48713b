import TruncatedEM

/// A fit, with what the engine says of it at its last parameters.
struct MeasuredFit {
  private let fit: Fit
  private let bound: Evaluation
  private let ceiling: Double

  /// C', as it was used.
  let truncation: Int

  /// The entropy of each visible colour, in nats, if it was asked for.
  let entropies: [Double]?

  /// Measures a fit.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - tree: The points that it is of.
  ///   - engine: The engine that made it.
  ///   - withEntropies: Whether the entropy of each colour is wanted.
  /// - Throws: `FitError`.
  /// - Complexity: O(points × components), which the log-likelihood takes.
  init(
    _ fit: Fit, _ tree: PointTree, _ engine: TruncatedEM,
    withEntropies: Bool
  ) throws(FitError) {
    let model = fit.model
    bound = try engine.evaluate(tree, under: model, truncation: fit.truncation)
    ceiling =
      fit.truncation.count == model.components
      ? bound.freeEnergy
      : try engine.evaluate(tree, under: model, truncation: .full).freeEnergy
    entropies =
      withEntropies
      ? try engine.entropies(
        of: tree, under: model, truncation: fit.truncation) : nil
    truncation = fit.truncation.count
    self.fit = fit
  }

  /// The numbers.
  ///
  /// - Parameter inertia: J a pixel of the fit's means.
  /// - Returns: What a report has of the fit.
  func record(inertia: Double) -> ComparisonReport.FitRecord {
    ComparisonReport.FitRecord(
      iterations: fit.iterations.count, converged: fit.converged,
      freeEnergy: bound.freeEnergy, logLikelihood: ceiling,
      gap: max(0, ceiling - bound.freeEnergy),
      sigma: fit.model.variance.squareRoot(), inertia: inertia,
      entropy: bound.entropy, curve: fit.iterations.map(\.freeEnergy),
      coarseCurve: fit.coarseFreeEnergies)
  }
}
