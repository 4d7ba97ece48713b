public import Rasters

/// What a file says of its image before the image data.
public struct ImageHeader: Equatable, Sendable {
  /// The file's format.
  public let format: InputFormat

  /// Width and height in pixels.
  public let size: ImageSize

  /// One line for people, such as "8-bit RGB PNG, interlaced".
  public let kind: String
}
