public import ImageFormats
import TruncatedEM

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

  /// zlib's level for a PNG: what was asked for, or what belongs to the effort.
  ///
  /// Level 5 against 4 is a quarter of the encoder's time for 1 to 3 % of the
  /// file, 6 against 5 a third of it for 1 to 2 %.
  func compressionLevel(for effort: Effort) -> Int {
    if let compressionLevel { return compressionLevel }
    return switch effort.level {
    case ...3: 4
    case ...6: 5
    case ...8: 6
    default: 9
    }
  }
}
