import CImageShims
import Rasters

/// Reads the bytes of a PNG or JPEG file into sRGB samples of 8 bits.
///
/// What would come out wrong is refused, never shown: samples of more than 8
/// bits, colours that the file declares to be other than sRGB, CMYK, images
/// stored turned, and damaged or truncated files.
public struct ImageDecoder: Sendable {
  /// Reads an image.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. What follows the end of the image is ignored.
  ///   - maximumPixels: The greatest width times height that is read; a larger
  ///     image is refused before memory is taken for it.
  /// - Returns: The pixels, `.rgb` when all are opaque.
  /// - Throws: Every case of `DecodeError`. No partial image is ever returned.
  /// - Complexity: O(pixels + bytes) time. Memory for 3 bytes a pixel, 4 when
  ///   the file has an alpha channel; progressive and multi-scan JPEGs take up
  ///   to 6 more while they are read.
  public static func decode(
    _ bytes: [UInt8], maximumPixels: Int = 1 << 31
  ) throws(DecodeError) -> DecodedImage {
    switch try format(of: bytes) {
    case .png: try decodePNG(bytes, maximumPixels)
    case .jpeg: try decodeJPEG(bytes, maximumPixels)
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
    _ bytes: [UInt8], _ maximumPixels: Int
  ) throws(DecodeError) -> DecodedImage {
    try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> DecodedImage in
      let reader = try PNGReader(buffer)
      if let refusal = reader.refusal() { throw refusal }
      let hasAlpha = reader.layout.channels == 4
      try check(
        reader.size, maximumPixels, isPlausible: reader.fits(in: bytes.count),
        .png)
      var isOpaque = !hasAlpha
      let size = reader.size
      let samples = try filled(count: size.pixelCount * (hasAlpha ? 4 : 3)) {
        (room) throws(DecodeError) -> Int in
        try reader.readAll(into: room)
        guard hasAlpha, let start = room.baseAddress else { return room.count }
        isOpaque = AlphaChannel.isOpaque(start, pixelCount: size.pixelCount)
        guard isOpaque else { return room.count }
        AlphaChannel.drop(start, pixelCount: size.pixelCount)
        return size.pixelCount * 3
      }
      if let refusal = reader.orientationRefusal() { throw refusal }
      return DecodedImage(
        pixels: .eight(
          Raster(
            size: size, channels: isOpaque ? .rgb : .rgba, samples: samples)),
        header: reader.header)
    }
  }

  private static func decodeJPEG(
    _ bytes: [UInt8], _ maximumPixels: Int
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
      let orientation = segments.exif.map { ExifOrientation.value(inTIFF: $0) }
      if let refusal = ExifOrientation.refusal(of: orientation ?? 1, in: .jpeg)
      {
        throw refusal
      }
      try check(
        reader.size, maximumPixels, isPlausible: reader.fits(in: bytes.count),
        .jpeg)
      let samples = try filled(count: reader.size.pixelCount * 3) {
        (room) throws(DecodeError) -> Int in
        try reader.readAll(into: room)
        return room.count
      }
      return DecodedImage(
        pixels: .eight(
          Raster(size: reader.size, channels: .rgb, samples: samples)),
        header: reader.header)
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

  /// An array whose memory is written once, by `fill`.
  ///
  /// - Parameters:
  ///   - count: The greatest number of elements.
  ///   - fill: Writes elements from the start and gives back how many.
  /// - Returns: What was written.
  /// - Throws: What `fill` throws, and `DecodeError.outOfMemory`.
  private static func filled(
    count: Int,
    _ fill: (UnsafeMutableBufferPointer<UInt8>) throws(DecodeError) -> Int
  ) throws(DecodeError) -> [UInt8] {
    // An array that gets no memory ends the process, so ask first.
    guard qz_can_allocate(count) != 0 else { throw .outOfMemory(bytes: count) }
    var failure: DecodeError?
    let elements = [UInt8](unsafeUninitializedCapacity: count) { room, used in
      do throws(DecodeError) {
        used = try fill(UnsafeMutableBufferPointer(rebasing: room[..<count]))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }
}
