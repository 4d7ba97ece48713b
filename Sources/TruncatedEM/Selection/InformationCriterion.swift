import CLibrary

/// What a number of components costs, to be weighed against the free energy
/// that it gains.
///
///     −2 F + penalty × parameters,    parameters = C D + 1
///
/// in nats; the smaller, the better. The parameters are C means of D numbers
/// and one variance; the priors are fixed. Learned mixing weights are C − 1 more,
/// a spherical covariance C − 1 more. F stands in for the log-likelihood,
/// of which it is a lower bound: with C' = C it is the log-likelihood itself,
/// and with C' = 1 that of the points together with their assignment, which
/// makes of BIC the integrated completed likelihood (C. Biernacki, G. Celeux
/// and G. Govaert, TPAMI 22(7), 2000, doi 10.1109/34.865189).
///
/// Both take the observations to be independent draws. Pixels are not:
/// neighbours are alike, an image of twice the width has four times the pixels
/// and hardly more to say, and so the gain in F is overrated against the
/// penalty and many components are chosen. docs/guides/choosing-k.md shows how
/// far that goes.
public enum InformationCriterion: String, CaseIterable, Codable, Sendable {
  /// Bayesian information criterion: a penalty of log N (G. Schwarz, Annals of
  /// Statistics 6(2), 1978, doi 10.1214/aos/1176344136).
  case bic

  /// Akaike information criterion: a penalty of 2, so more components (H.
  /// Akaike, IEEE Transactions on Automatic Control 19(6), 1974, doi
  /// 10.1109/TAC.1974.1100705).
  case aic

  /// The free parameters of a mixture with equal priors and one variance.
  ///
  /// - Parameters:
  ///   - components: C.
  ///   - dimension: D.
  /// - Returns: C D + 1.
  public static func parameters(components: Int, dimension: Int) -> Int {
    components * dimension + 1
  }

  /// The criterion of a fitted mixture.
  ///
  /// - Parameters:
  ///   - freeEnergy: F per observation, in nats.
  ///   - observations: N, greater than 0: how many independent observations
  ///     there are.
  ///   - components: C.
  ///   - dimension: D.
  ///   - more: The free parameters that a general model has beyond those.
  /// - Returns: Nats; the smaller, the better.
  public func value(
    freeEnergy: Double, observations: Double, components: Int, dimension: Int,
    more: Int = 0
  ) -> Double {
    let parameters = Double(
      Self.parameters(components: components, dimension: dimension) + more)
    let penalty =
      switch self {
      case .bic: log(observations)
      case .aic: 2.0
      }
    return -2 * observations * freeEnergy + penalty * parameters
  }
}
