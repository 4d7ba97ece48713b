/// What a pass adds up besides the statistics of the components.
struct PassSums: Sendable {
  /// Σ w log Σ_{c∈K} exp(−|y − μ_c|²/2σ²): F without its constant part. 0 from
  /// a hard pass.
  var freeEnergy = 0.0

  /// Σ w min_c |y − μ_c|².
  var inertia = 0.0

  /// How many distances were evaluated.
  var distances = 0

  /// Adds what another pass found.
  static func += (sums: inout PassSums, other: PassSums) {
    sums.freeEnergy += other.freeEnergy
    sums.inertia += other.inertia
    sums.distances += other.distances
  }
}
