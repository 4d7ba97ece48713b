import CLibrary

/// The variational free energy of a truncated posterior, a lower bound of the
/// log-likelihood:
///
///     F(K,Θ) = Σ_n w_n log Σ_{c∈K_n} (1/C) (2πσ²)^(-D/2) exp(-|y_n-μ_c|²/2σ²)
///
/// (arXiv 1704.04812; docs/theory.md, equation 4). Values are in nats.
enum FreeEnergy {
  /// The part of F that does not depend on the points, per unit of weight:
  /// −log C − (D/2) log(2πσ²).
  ///
  /// - Parameters:
  ///   - components: C.
  ///   - dimension: D.
  ///   - variance: σ², greater than 0.
  /// - Returns: Nats per unit of weight.
  static func constant(
    components: Int, dimension: Int, variance: Double
  ) -> Double {
    -log(Double(components))
      - Double(dimension) / 2 * log(2 * .pi * variance)
  }

  /// The same of a model.
  static func constant(of model: MixtureModel) -> Double {
    constant(
      components: model.components, dimension: model.dimension,
      variance: model.variance)
  }
}
