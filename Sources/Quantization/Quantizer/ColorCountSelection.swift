/// How the number of colours was chosen.
public struct ColorCountSelection: Hashable, Sendable {
  /// One number of colours that was tried.
  public struct Candidate: Hashable, Sendable {
    /// The result for this number.
    public enum Figures: Hashable, Sendable {
      /// The criterion, which decides: the smaller, the better.
      ///
      /// - Parameters:
      ///   - freeEnergy: F in nats per pixel.
      ///   - value: The criterion in nats.
      case criterion(freeEnergy: Double, value: Double)

      /// The quality of the palette's image.
      ///
      /// - Parameters:
      ///   - quality: The quality.
      ///   - scaled: The same on ``QualityScale``, where a range of that scale
      ///     was requested.
      case quality(Quality, scaled: Int?)
    }

    /// k, the number of palette entries.
    public let colors: Int

    /// The result for it.
    public let figures: Figures
  }

  /// The rule, and the largest number allowed.
  public let choice: ColorCountChoice

  /// The numbers that were tried, in order.
  public let candidates: [Candidate]
}
