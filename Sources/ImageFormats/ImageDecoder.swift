import ParallelWork
import Rasters

/// Reads the bytes of a PNG or JPEG file into sRGB samples of 8 bits.
///
/// What would come out wrong is refused, never shown: samples of more than 8
/// bits, colours that the file declares to be other than sRGB, CMYK, and damaged
/// or truncated files.
public struct ImageDecoder: Sendable {
  /// Reads an image.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. What follows the end of the image is ignored.
  ///   - maximumPixels: The greatest width times height that is read; a larger
  ///     image is refused before memory is taken for it.
  ///   - threads: The most threads to use; the result never depends on it.
  /// - Returns: The pixels the right way up, `.rgb` when all are opaque.
  /// - Throws: Every case of `DecodeError`. No partial image is ever returned.
  /// - Complexity: O(pixels + bytes) time. Memory for 3 bytes a pixel, 4 when
  ///   the file has an alpha channel; progressive and multi-scan JPEGs take up
  ///   to 6 more while they are read.
  public static func decode(
    _ bytes: [UInt8], maximumPixels: Int = 1 << 31, threads: Int = 1
  ) throws(DecodeError) -> DecodedImage {
    let workers = Workers(threads: threads)
    return switch try format(of: bytes) {
    case .png: try decodePNG(bytes, maximumPixels, workers)
    case .jpeg: try decodeJPEG(bytes, maximumPixels, workers)
    }
  }

  /// Reads what a file says of its image, and no pixels.
  ///
  /// - Parameter bytes: The file, or as much of it as comes before the image
  ///   data.
  /// - Returns: The header, also of some images that `decode` refuses.
  /// - Throws: `DecodeError`: `.empty`, `.notAnImage`, `.damaged`,
  ///   `.unsupported` for a JPEG of a kind that libjpeg does not know,
  ///   `.outOfMemory`.
  public static func header(
    of bytes: [UInt8]
  ) throws(DecodeError) -> ImageHeader {
    let format = try format(of: bytes)
    return try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> ImageHeader in
      switch format {
      case .png: try PNGReader(buffer).header
      case .jpeg: try JPEGReader(buffer).header
      }
    }
  }

  private static func format(
    of bytes: [UInt8]
  ) throws(DecodeError) -> ImageFormat {
    switch FileSignature.of(bytes) {
    case .png: return .png
    case .jpeg: return .jpeg
    case .empty: throw .empty
    case let other: throw .notAnImage(other)
    }
  }

  private static func decodePNG(
    _ bytes: [UInt8], _ maximumPixels: Int, _ workers: Workers
  ) throws(DecodeError) -> DecodedImage {
    try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> DecodedImage in
      let reader = try PNGReader(buffer)
      if let refusal = reader.refusal() { throw refusal }
      try check(
        reader.size, maximumPixels, isPlausible: reader.fits(in: bytes.count),
        .png)
      var pixels = try CodedPixels<UInt8>(
        size: reader.size, channels: Int(reader.layout.channels)
      ) { (room) throws(DecodeError) in try reader.readAll(into: room) }
      pixels.dropAlphaIfOpaque()
      // These may stand behind the image data.
      var annotations = Annotations()
      annotations.exif = reader.exif
      try pixels.turn(annotations.takeOrientation(), workers)
      return DecodedImage(
        pixels: pixels.pixels, header: reader.header, annotations: annotations,
        warnings: reader.warnings)
    }
  }

  private static func decodeJPEG(
    _ bytes: [UInt8], _ maximumPixels: Int, _ workers: Workers
  ) throws(DecodeError) -> DecodedImage {
    let segments = JPEGSegments(bytes)
    if let refusal = segments.frameRefusal() { throw refusal }
    return try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> DecodedImage in
      let reader = try JPEGReader(buffer)
      if segments.hasProfile,
        let refusal = ColorRefusal.profile(segments.profile, in: .jpeg)
      {
        throw refusal
      }
      try check(
        reader.size, maximumPixels, isPlausible: reader.fits(in: bytes.count),
        .jpeg)
      var pixels = try CodedPixels<UInt8>(size: reader.size, channels: 3) {
        (room) throws(DecodeError) in try reader.readAll(into: room)
      }
      var annotations = Annotations()
      annotations.exif = segments.exif
      try pixels.turn(annotations.takeOrientation(), workers)
      return DecodedImage(
        pixels: pixels.pixels, header: reader.header, annotations: annotations,
        warnings: reader.warnings)
    }
  }

  /// Looks at a size before memory is taken for it.
  private static func check(
    _ size: ImageSize, _ maximumPixels: Int, isPlausible: Bool,
    _ format: ImageFormat
  ) throws(DecodeError) {
    guard size.pixelCount <= maximumPixels else {
      throw .tooLarge(
        width: size.width, height: size.height, maximumPixels: maximumPixels)
    }
    guard isPlausible else {
      throw .damaged(
        format: format,
        reason: "the file is too short for \(size.width) x \(size.height) "
          + "pixels")
    }
  }
}
