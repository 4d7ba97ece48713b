import ParallelWork
public import Rasters

/// A pass over an image file from its first row to its last, a strip of rows at
/// a time: memory does not grow with the number of rows.
///
/// The samples are those that `ImageDecoder` gives, but with an alpha channel
/// wherever the file has one, also where all of its pixels are opaque.
public struct ImageStream {
  /// Why an image cannot be read so.
  public enum Obstacle: Equatable, Sendable {
    /// The rows of an interlaced PNG are whole only at its end.
    case interlaced

    /// The scans of a progressive JPEG, and of others that have several, each
    /// have a part of all rows.
    case severalScans

    /// A strip of a TIFF, or a row of its tiles, has much of the image.
    case largeStrips

    /// The rows of a WebP, or of a BMP of runs, are decoded together.
    case decodedAtOnce

    /// The rows are not the right way up.
    case turned
  }

  /// What the header tells of reading an image, found without looking at its
  /// colours.
  public struct Survey: Sendable {
    /// Width and height.
    public let size: ImageSize

    /// The bytes that all samples would take.
    public let sampleBytes: Int

    /// Why the image cannot be read strip by strip, as far as is known.
    public let obstacle: Obstacle?

    /// Reads everything before the image data.
    ///
    /// - Parameters:
    ///   - descriptor: A file that can be read from its start.
    ///   - limits: What is read at most.
    ///   - page: The page of a TIFF, from 1; `nil` for the first.
    ///   - keepsGoing: Whether the file may be too short for its pixels.
    /// - Throws: `DecodeError`.
    public init(
      descriptor: Int32, limits: DecodeLimits = DecodeLimits(),
      page: Int? = nil, keepsGoing: Bool = false
    ) throws(DecodeError) {
      let reader = try InputFormat.open(
        .file(descriptor: descriptor), limits, page: page,
        keepsGoing: keepsGoing)
      size = reader.size
      sampleBytes =
        reader.size.pixelCount * reader.channels * reader.sampleBytes
      obstacle = reader.obstacle
    }
  }

  /// What is known at the end of a file.
  public struct End: Sendable {
    /// What the file says beside its pixels.
    public let annotations: Annotations

    /// What was passed over, a line each.
    public let warnings: [String]

    /// The frames of an animation that the file has and the rows have not.
    public let omittedFrames: Int

    /// Why the image should not have been read so.
    public let obstacle: Obstacle?
  }

  /// What the file says of its image.
  public let header: ImageHeader

  /// Samples a pixel.
  public let channels: Raster.Channels

  /// The rows that were read.
  public private(set) var row = 0

  /// The space of the samples.
  public var space: ColorTarget { steps.space }

  private let reader: any ImageReader
  private let steps: ColorManagement.Steps
  private let colorWarnings: [String]
  private let workers: Workers

  /// Reads everything before the image data.
  ///
  /// - Parameters:
  ///   - descriptor: A file that can be read from its start; it may be closed
  ///     when this returns.
  ///   - target: The space to give the samples in.
  ///   - limits: What is read at most.
  ///   - page: The page of a TIFF, from 1; `nil` for the first, with a warning
  ///     where there are more.
  ///   - threads: The most threads to use.
  /// - Throws: `DecodeError`, as `ImageDecoder.decode`.
  public init(
    descriptor: Int32, into target: ColorTarget = .sRGB,
    limits: DecodeLimits = DecodeLimits(), page: Int? = nil, threads: Int = 1
  ) throws(DecodeError) {
    let reader = try InputFormat.open(
      .file(descriptor: descriptor), limits, page: page)
    var colors = try reader.colors(target, limits)
    steps = try colors.steps(
      sampleBytes: reader.sampleBytes, channels: reader.channels)
    colorWarnings = colors.warnings
    self.reader = reader
    header = reader.header
    channels = reader.hasAlpha ? .rgba : .rgb
    workers = Workers(threads: threads)
  }

  /// Width and height.
  public var size: ImageSize { header.size }

  /// Reads the next rows.
  ///
  /// - Parameter rows: How many, no more than are left; all of them where there
  ///   is an obstacle.
  /// - Returns: The rows.
  /// - Throws: `DecodeError.damaged` or `.outOfMemory`.
  /// - Complexity: O(pixels of the rows).
  public mutating func read(_ rows: Int) throws(DecodeError) -> Pixels {
    guard let part = ImageSize(width: size.width, height: rows),
      row + rows <= size.height
    else { preconditionFailure("so many rows are not left") }
    row += rows
    return reader.sampleBytes == 2
      ? try read(part, as: UInt16.self).pixels
      : try read(part, as: UInt8.self).pixels
  }

  private func read<Sample>(
    _ part: ImageSize, as _: Sample.Type
  ) throws(DecodeError) -> CodedPixels<Sample> {
    var pixels = try CodedPixels<Sample>(
      size: part, channels: reader.channels
    ) { (room) throws(DecodeError) in
      try reader.read(part.height, into: UnsafeMutableRawBufferPointer(room))
    }
    pixels.apply(steps, workers)
    return pixels
  }

  /// Reads the rest of the file, after all rows.
  ///
  /// - Returns: What is known only now.
  /// - Throws: `DecodeError.damaged` or `.outOfMemory`.
  public mutating func finish() throws(DecodeError) -> End {
    precondition(row == size.height)
    try reader.finish()
    var annotations = try reader.annotations()
    annotations.profile = steps.profile
    let isUpright = annotations.takeOrientation() == .upright
    return End(
      annotations: annotations, warnings: colorWarnings + reader.warnings,
      omittedFrames: reader.omittedFrames, obstacle: isUpright ? nil : .turned)
  }
}
