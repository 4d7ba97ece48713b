public import ImageFormats
import ParallelWork
public import Rasters

/// How image files are read. Every command reads every image through these
/// options, so that limits and repairs are the same for all.
public struct DecodeOptions: Sendable {
  /// The space of the samples.
  public var target = ColorTarget.sRGB

  /// The most that an image may ask for.
  public var limits = DecodeLimits()

  /// The page of a TIFF that is read, from 1; `nil` for the first, with a warning
  /// where there are more.
  public var page: Int?

  /// Whether the rows before the damage are taken from a damaged file.
  public var keepsGoing = false

  /// The treatment of transparency.
  public var alpha = AlphaTreatment.keep

  /// The most threads to use; the pixels do not depend on it.
  public var threads = 1

  /// sRGB with its alpha, on one thread.
  public init() {}

  /// Reads an image file into memory.
  ///
  /// - Parameters:
  ///   - location: The file, or standard input.
  ///   - events: Told of everything that was skipped.
  /// - Returns: The image.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.inputTooLarge` or
  ///   `.decode`.
  /// - Complexity: O(pixels + bytes).
  func read(
    _ location: FileLocation, events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> ImageFile {
    try decode(
      try InputFile.read(location, limits: limits), of: location,
      events: events)
  }

  /// Decodes the bytes of an image file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - location: The file, for messages.
  ///   - follower: Looks at pixels while the next are read.
  ///   - events: Told of everything that was skipped.
  /// - Returns: The image.
  /// - Throws: `QuantizeError.decode`.
  /// - Complexity: O(pixels + bytes).
  package func decode(
    _ bytes: [UInt8], of location: FileLocation,
    followed follower: ImageDecoder.Follower? = nil,
    events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> ImageFile {
    let image: DecodedImage
    do {
      image = try ImageDecoder.decode(
        bytes, into: target, limits: limits, page: page,
        keepsGoing: keepsGoing, threads: threads, follower: follower)
    } catch {
      throw .decode(location, error)
    }
    for warning in image.warnings { events(.warning(location, warning)) }
    return ImageFile(
      location: location, bytes: bytes.count,
      pixels: image.pixels.treated(alpha), space: image.space,
      annotations: image.annotations, omittedFrames: image.omittedFrames)
  }
}
