/// What a file says beside its pixels, as far as it is carried from the input to
/// the output.
public struct Annotations: Equatable, Sendable {
  /// The ICC profile of the samples; `nil` is sRGB.
  public var profile: [UInt8]?

  /// How large the pixels are meant to be.
  public var density: PixelDensity?

  /// The TIFF structure of Exif, from its byte order mark on.
  public var exif: [UInt8]?

  /// The XMP packet.
  public var xmp: [UInt8]?

  /// How the pixels are stored, where neither Exif nor XMP but the file says it.
  var storedOrientation = ExifOrientation.upright

  /// No annotations: sRGB and nothing else.
  public init() {}

  /// The TIFF structure within a block of Exif data, before which some programs
  /// leave the mark of JPEG's segment; `nil` where there is none.
  static func exif(of bytes: [UInt8]) -> [UInt8]? {
    if bytes.has("Exif\0\0", at: 0) { return Array(bytes.dropFirst(6)) }
    return bytes.has("II", at: 0) || bytes.has("MM", at: 0) ? bytes : nil
  }
}
