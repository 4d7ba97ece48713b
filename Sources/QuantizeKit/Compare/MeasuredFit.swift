import TruncatedEM

/// A fit, with what the engine says of it at its last parameters.
struct MeasuredFit {
  private let fit: Fit
  private let bound: Double
  private let ceiling: Double
  private let entropy: Double

  /// C', as it was used.
  let truncation: Int

  /// The entropy of each visible colour, in nats.
  let entropies: [Double]

  /// Measures a fit.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - tree: The points that it is of.
  ///   - engine: The engine that made it.
  /// - Throws: `FitError`.
  /// - Complexity: O(points × components), which the log-likelihood takes.
  init(
    _ fit: Fit, _ tree: PointTree, _ engine: TruncatedEM
  ) throws(FitError) {
    let model = fit.model
    let all = try Truncation(model.components, of: model.components)
    bound = try engine.evaluate(
      tree, model, truncation: fit.truncation
    ).freeEnergy
    ceiling =
      fit.truncation == all
      ? bound : try engine.evaluate(tree, model, truncation: all).freeEnergy
    entropies = try engine.entropies(tree, model, truncation: fit.truncation)
    truncation = fit.truncation.count
    self.fit = fit
    var sum = 0.0
    for (n, entropy) in entropies.enumerated() {
      sum += tree.points.weight(ofPoint: n) * entropy
    }
    entropy = sum / tree.points.totalWeight
  }

  /// The numbers.
  ///
  /// - Parameter inertia: J a pixel of the fit's means.
  /// - Returns: What a report has of the fit.
  func record(inertia: Double) -> ComparisonReport.FitRecord {
    ComparisonReport.FitRecord(
      iterations: fit.iterations.count, converged: fit.converged,
      freeEnergy: bound, logLikelihood: ceiling, gap: ceiling - bound,
      sigma: fit.model.variance.squareRoot(), inertia: inertia,
      entropy: entropy, curve: fit.iterations.map(\.freeEnergy))
  }
}
