public import Rasters

/// An image of channels that was read from a file.
public struct ChannelFile: Sendable {
  /// The channels.
  public let image: ChannelImage

  /// What the file says of where on the Earth the image is.
  public var georeference: [TIFFTag] = []

  /// What was passed over, a line each.
  public var warnings: [String] = []

  /// What the file is, in a few words: "16-bit TIFF".
  public var kind: String
}
