/// The texture of an ordered dithering.
public enum OrderedPattern: Hashable, Sendable {
  /// Blue noise: no structure that the eye finds.
  case blueNoise

  /// B. Bayer's matrix of 2, 4, 8 or 16 rows ("An optimum method for two-level
  /// rendition of continuous-tone pictures", IEEE ICC 1973).
  case bayer(Int)
}
