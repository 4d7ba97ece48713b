/// How the number of colours was chosen.
public struct ColorCountSelection: Hashable, Sendable {
  /// One number of colours that was tried.
  public struct Candidate: Hashable, Sendable {
    /// What was found with this number.
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
      ///   - scaled: It on the scale of ``QualityScale``, where a range of
      ///     that was asked for.
      case quality(Quality, scaled: Int?)
    }

    /// k, the number of palette entries.
    public let colors: Int

    /// What was found with it.
    public let figures: Figures
  }

  /// The rule by which one number is the right one, and the largest number.
  public let choice: ColorCountChoice

  /// What was tried, in the order of trying.
  public let candidates: [Candidate]
}
