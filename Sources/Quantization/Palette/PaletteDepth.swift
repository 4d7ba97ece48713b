/// The bits that a sample of a palette's colours has.
public enum PaletteDepth: Int, CaseIterable, Codable, Sendable {
  /// Fitted means are rounded to 8 bits, as all palettes of files have them.
  case eight = 8

  /// Fitted means are rounded to 16 bits.
  case sixteen = 16
}
