public import Rasters

/// An image read from a file.
public struct DecodedImage: Sendable {
  /// The pixels the right way up: `.rgb` when all of them are opaque, `.rgba`
  /// otherwise.
  public let pixels: Pixels

  /// What the file says of itself; its size is that before any turn.
  public let header: ImageHeader

  /// The space of `pixels`; `.input` where they are in one of the file's own.
  public let space: ColorTarget

  /// What the file says beside its pixels. The profile is that of `pixels`, and
  /// an orientation in `exif` has been set to 1.
  public var annotations = Annotations()

  /// What was passed over, a line each.
  public var warnings: [String] = []

  /// The frames of an animation that the file has and `pixels` has not.
  public var omittedFrames = 0

  /// The file's format.
  public var format: InputFormat { header.format }

  /// The pixels in 8 bits a sample, rounded where the file has more.
  ///
  /// - Complexity: O(pixels) where the file has more, O(1) otherwise.
  public var raster: Raster { pixels.rounded() }
}
