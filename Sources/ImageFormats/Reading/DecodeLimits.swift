/// What a file may ask for at most. Looked at before memory is taken.
public struct DecodeLimits: Equatable, Sendable {
  /// The greatest width times height. A JPEG of more than `freeScans` scans is
  /// charged for its pixels once a scan, since each goes over all of them.
  public var pixels: Int

  /// The most bytes of each thing beside the pixels: a chunk of a PNG, an ICC
  /// profile, an XMP packet, as stored and decompressed.
  public var metadataBytes: Int

  /// The most bytes that a file may have; `nil` leaves it to the program. For
  /// whoever reads the bytes: those that are in memory are not counted.
  public var inputBytes: Int?

  /// More scans than programs write.
  static let freeScans = 20

  /// Creates limits.
  ///
  /// - Parameters:
  ///   - pixels: The greatest width times height, by default 2 gigapixels.
  ///   - metadataBytes: The most bytes of each thing beside the pixels, by
  ///     default 16 MB.
  ///   - inputBytes: The most bytes that a file may have.
  public init(
    pixels: Int = 2_000_000_000, metadataBytes: Int = 16_000_000,
    inputBytes: Int? = nil
  ) {
    self.pixels = pixels
    self.metadataBytes = metadataBytes
    self.inputBytes = inputBytes
  }
}
