/// What the colours of a palette are for.
public enum PaletteAim: String, CaseIterable, Sendable {
  /// They stand for all pixels: the averages of what they stand for.
  case image

  /// They are the extremes, between which the other colours of the image are mixtures:
  /// those that people grab when they change colours.
  case recolor
}
