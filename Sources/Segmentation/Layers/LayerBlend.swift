/// How layers become one picture again.
public enum LayerBlend: String, CaseIterable, Sendable {
  /// Each layer lies over those below it and hides as much of them as its alpha says.
  case normal

  /// Samples of opaque layers add up.
  case add
}
