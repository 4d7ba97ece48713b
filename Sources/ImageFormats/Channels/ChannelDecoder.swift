import CImageShims
import Rasters

/// Reads files as channels of numbers: TIFFs of any number of samples and pages, and
/// arrays of NumPy.
///
/// Samples are not colours: no profile is applied, and nothing is scaled. Whole
/// numbers of more than 24 bits are rounded to those that a `Float` has.
public struct ChannelDecoder: Sendable {
  /// Whether a file is one that `ImageDecoder` does not read but this does, or that
  /// says of itself that its samples are channels.
  ///
  /// - Parameter bytes: The whole file.
  /// - Returns: `false` also for what is no file of an image.
  /// - Complexity: O(pages).
  public static func isNeeded(for bytes: [UInt8]) -> Bool {
    switch FileSignature.of(Array(bytes.prefix(FileSignature.mostBytes))) {
    case .numpy, .zip:
      return true
    case .tiff:
      return bytes.withUnsafeBufferPointer { buffer in
        guard let file = try? TIFFChannels(buffer) else { return false }
        return file.areChannels
      }
    default:
      return false
    }
  }

  /// Where on the Earth the image of a file is, for files that are written from it.
  ///
  /// - Parameter bytes: The whole file.
  /// - Returns: The fields of a GeoTIFF that is stored upright; none of other files.
  /// - Complexity: O(pages).
  public static func georeference(of bytes: [UInt8]) -> [TIFFTag] {
    let start = Array(bytes.prefix(FileSignature.mostBytes))
    guard FileSignature.of(start) == .tiff else { return [] }
    return bytes.withUnsafeBufferPointer { buffer in
      (try? TIFFChannels(buffer))?.georeference ?? []
    }
  }

  /// Reads the channels of a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - pages: Which pages.
  ///   - limits: What the file may ask for; more is refused before memory is taken
  ///     for it.
  /// - Returns: The channels, the right way up.
  /// - Throws: `DecodeError`.
  /// - Complexity: O(samples); 4 bytes a sample, and as much again while pages are
  ///   turned.
  public static func decode(
    _ bytes: [UInt8], pages: PageSelection = .first,
    limits: DecodeLimits = DecodeLimits()
  ) throws(DecodeError) -> ChannelFile {
    try bytes.withUnsafeBufferPointer {
      buffer throws(DecodeError) -> ChannelFile in
      switch FileSignature.of(Array(bytes.prefix(FileSignature.mostBytes))) {
      case .numpy:
        try NumPyReader(buffer).file(pages, limits)
      case .zip:
        try NumPyArchive.file(buffer, pages, limits)
      case .tiff:
        try TIFFChannels(buffer).file(pages, limits)
      case .empty:
        throw .empty
      case let signature where InputFormat(signature) != nil:
        throw .unsupported(
          what: "\(signature.phrase) as channels",
          remedy: "give a TIFF, .npy or .npz, or leave out --channels, --page "
            + "and --normalize")
      case let signature:
        throw .notAnImage(signature)
      }
    }
  }

  /// Refuses more than is allowed, or than there is memory for.
  static func check(
    _ size: ImageSize, pages: Int, channels: Int, _ limits: DecodeLimits
  ) throws(DecodeError) {
    let (pixels, overflow) = size.pixelCount.multipliedReportingOverflow(
      by: pages)
    guard !overflow, pixels <= limits.pixels else {
      let height = size.height.multipliedReportingOverflow(by: pages)
      throw .tooLarge(
        width: size.width, height: height.overflow ? .max : height.partialValue,
        maximumPixels: limits.pixels)
    }
    let bytes = pixels.multipliedReportingOverflow(by: 4 * channels)
    guard !bytes.overflow, qz_can_allocate(bytes.partialValue) != 0 else {
      throw .outOfMemory(bytes: bytes.overflow ? .max : bytes.partialValue)
    }
  }
}
