import Quantization

/// How an image was dithered, as `--report` writes it.
public struct DitherRecord: Codable, Hashable, Sendable {
  /// The method, as `--dither` names it.
  public let method: String

  /// How much of what a pixel could not show was made up for, 0 to 1.
  public let strength: Double

  /// The rounds of fitting the palette to its dithering that were kept.
  public let rounds: Int

  init(_ options: DitherOptions, rounds: Int) {
    method = options.method.name
    strength = options.strength
    self.rounds = rounds
  }
}
