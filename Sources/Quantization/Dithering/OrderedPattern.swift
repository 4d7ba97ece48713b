/// The texture of an ordered dithering.
public enum OrderedPattern: Hashable, Sendable {
  /// Blue noise: no structure that the eye finds.
  case blueNoise

  /// B. Bayer's matrix ("An optimum method for two-level rendition of
  /// continuous-tone pictures", IEEE ICC 1973).
  case bayer(BayerSize)

  /// How many rows and columns Bayer's matrix has.
  public enum BayerSize: Int, CaseIterable, Sendable {
    /// 2: five levels between two colours.
    case two = 2

    /// 4: 17 levels.
    case four = 4

    /// 8: 65 levels.
    case eight = 8

    /// 16: its pattern is the finest, its levels are those of 8.
    case sixteen = 16
  }
}
