public import ImageFormats

/// How the output image is written.
public struct ImageEncoding: Sendable {
  /// The format.
  public var format = OutputFormat.png

  /// zlib's level for a PNG, 0 to 9; `nil` leaves it to the effort.
  public var compressionLevel: Int?

  /// Whether to search for the smallest file; takes a PNG's level to mean
  /// nothing.
  public var optimizes = false

  /// libjpeg's quality for a JPEG, 1 to 100.
  public var jpegQuality = 90

  /// The resolution of a JPEG's colour; `nil` leaves it to the quality.
  public var chromaSubsampling: ChromaSubsampling?

  /// What is carried over beside the pixels.
  public var metadata = MetadataPolicy.appearance

  /// A PNG as it is written without any option.
  public init() {}
}
