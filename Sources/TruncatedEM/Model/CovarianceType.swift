/// What is assumed of the components' covariances.
public enum CovarianceType: String, CaseIterable, Sendable {
  /// One σ² I for all components, as in the paper: they spread equally far in
  /// every direction.
  case tied = "shared"

  /// A σ_c² I for each component.
  case spherical = "per-component"

  /// A diagonal matrix for each component: a variance for each coordinate.
  case diagonal

  /// A matrix for each component.
  case full

  /// Those whose covariances are multiples of the identity.
  public static let spheres: [CovarianceType] = [.tied, .spherical]

  /// Whether components have matrices: covariances that are not multiples of
  /// the identity.
  public var hasMatrices: Bool { self == .diagonal || self == .full }
}
