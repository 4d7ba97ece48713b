public import Rasters
public import Segmentation

/// Which colours of an image are moved, and where to.
public enum RecolorChoice: Sendable {
  /// Pairs of colours.
  case moves([ColorMove])

  /// Each colour of the fitted palette gets one of these, so that they move as
  /// little as possible together.
  case assigned([RGBColor])

  /// The same with the colours that are fitted to another image.
  case matched(FileLocation)
}
