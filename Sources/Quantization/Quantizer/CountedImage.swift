public import Rasters

/// What was found while the colours of an image were counted strip by strip.
public struct CountedImage: Sendable {
  /// The colours.
  public let histogram: ColorHistogram

  /// The size of the whole image.
  public let size: ImageSize

  /// The bands that a palette is fitted to its dithering with; none where it is
  /// not.
  let samples: [DitherStrip]
}
