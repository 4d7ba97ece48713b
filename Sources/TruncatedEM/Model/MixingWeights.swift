/// What is assumed of the mixing weights π_c, the prior probabilities of the
/// components.
public enum MixingWeights: String, CaseIterable, Sendable {
  /// All are 1/C, as in the paper.
  case equal

  /// They are estimated: π_c = Σ_n w_n q_n(c) / N. A component that receives
  /// no weight then has π_c = 0 and stays out for good; it is not re-seeded.
  case learned
}
