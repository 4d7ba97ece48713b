public import Rasters

/// An image read from a file.
public struct DecodedImage: Sendable {
  /// The pixels: `.rgb` when all of them are opaque, `.rgba` otherwise.
  public let raster: Raster

  /// What the file says of itself.
  public let header: ImageHeader

  /// The file's format.
  public var format: ImageFormat { header.format }
}
