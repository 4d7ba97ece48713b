/// What is assumed of the components' covariances, which are multiples of the
/// identity: a component spreads equally far in every direction.
public enum CovarianceType: String, CaseIterable, Sendable {
  /// One σ² I for all components, as in the paper.
  case tied = "shared"

  /// A σ_c² I for each component.
  case spherical = "per-component"
}
