import CLibrary

/// The variational free energy of a truncated posterior, a lower bound of the
/// log-likelihood:
///
///     F(K,Θ) = Σ_n w_n log Σ_{c∈K_n} (1/C) (2πσ²)^(-D/2) exp(-|y_n-μ_c|²/2σ²)
///
/// (arXiv 1704.04812; docs/theory.md, equation 4). Values are in nats.
public enum FreeEnergy {
  /// The part of F that does not depend on the points, per unit of weight:
  /// −log C − (D/2) log(2πσ²).
  ///
  /// - Parameter model: A model with a variance greater than 0.
  /// - Returns: Nats per unit of weight.
  static func constant(of model: MixtureModel) -> Double {
    -log(Double(model.components))
      - Double(model.dimension) / 2 * log(2 * .pi * model.variance)
  }

  /// F per unit of weight of k-means: hard assignments whose summed squared
  /// distance is the model's variance times D N.
  ///
  ///     F/N = −log C − (D/2) log(2πe σ²)
  ///
  /// (arXiv 1704.04812, section 3: the smaller the k-means objective, the
  /// larger F.)
  ///
  /// - Parameters:
  ///   - components: C, at least 1.
  ///   - dimension: D, at least 1.
  ///   - variance: σ² = J/(D N), greater than 0.
  /// - Returns: F per unit of weight, in nats.
  public static func ofHardAssignment(
    components: Int, dimension: Int, variance: Double
  ) -> Double {
    -log(Double(components))
      - Double(dimension) / 2 * log(2 * .pi * M_E * variance)
  }
}
