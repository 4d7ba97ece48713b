public import Rasters

/// The colours of an image that was read strip by strip; ``StripCounter`` makes
/// it.
public struct CountedImage: Sendable {
  /// The colours.
  public let histogram: ColorHistogram

  /// The size of the whole image.
  public let size: ImageSize

  /// The bands to which a palette's dithering is fitted; none without that.
  let samples: [DitherStrip]
}
