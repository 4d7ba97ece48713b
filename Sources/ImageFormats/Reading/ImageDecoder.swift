import ParallelWork
import Rasters

/// Reads the bytes of an image file into samples of a colour space that is
/// known.
///
/// What would come out wrong is refused, never shown: high dynamic range, and
/// damaged or truncated files.
public struct ImageDecoder: Sendable {
  /// Looks at pixels while the next are read.
  ///
  /// - Parameters:
  ///   - samples: Red, green and blue of all pixels of the image.
  ///   - end: The pixel before which they are there, as they will stay.
  public typealias Follower =
    @Sendable (
      _ samples: UnsafeBufferPointer<UInt8>, _ end: Int
    ) -> Void

  /// Reads an image.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. What follows the end of the image is ignored.
  ///   - target: The space to give the samples in. Colours are converted relative
  ///     to the white of each space, with black point compensation; files in
  ///     that space already, to a 255th, come out untouched.
  ///   - limits: What the file may ask for; more is refused before memory is
  ///     taken for it.
  ///   - page: The page of a TIFF that is read, from 1; `nil` for the first, with
  ///     a warning where there are more.
  ///   - keepsGoing: Whether of a damaged file the rows before the damage are
  ///     given, with a warning that says how many are lost.
  ///   - threads: The most threads to use; the result never depends on it.
  ///   - follower: Is told how far the pixels are, on one thread at a time; only of
  ///     images without alpha and of 8 bits a sample whose colours are those of
  ///     the file. They may be turned afterwards.
  /// - Returns: The pixels the right way up, `.rgb` when all are opaque.
  /// - Throws: Every case of `DecodeError`. No partial image is ever returned.
  /// - Complexity: O(pixels + bytes) time. Memory for 3 samples a pixel, 4 when
  ///   the file has an alpha channel or four inks, of a byte each, 2 in files of
  ///   16 bits; progressive and multi-scan JPEGs take up to 8 bytes a pixel more
  ///   while they are read.
  public static func decode(
    _ bytes: [UInt8], into target: ColorTarget = .sRGB,
    limits: DecodeLimits = DecodeLimits(), page: Int? = nil,
    keepsGoing: Bool = false, threads: Int = 1, follower: Follower? = nil
  ) throws(DecodeError) -> DecodedImage {
    let workers = Workers(threads: threads)
    return try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> DecodedImage in
      let reader = try InputFormat.open(
        .memory(buffer), limits, page: page, keepsGoing: keepsGoing)
      let colors = try reader.colors(target, limits)
      return reader.sampleBytes == 2
        ? try decode(reader, colors, keepsGoing, workers, nil) {
          (pixels: CodedPixels<UInt16>) in
          pixels.pixels
        }
        : try decode(reader, colors, keepsGoing, workers, follower) {
          (pixels: CodedPixels<UInt8>) in
          pixels.pixels
        }
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
    try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> ImageHeader in
      let bytes = ImageBytes.memory(buffer)
      let format = try InputFormat(of: bytes)
      return try format.reader.init(bytes, DecodeLimits()).header
    }
  }

  private static func decode<Sample>(
    _ reader: any ImageReader, _ colors: ColorManagement, _ keepsGoing: Bool,
    _ workers: Workers, _ follower: Follower?,
    _ raster: (CodedPixels<Sample>) -> Pixels
  ) throws(DecodeError) -> DecodedImage {
    let size = reader.size
    var colors = colors
    // Without a fourth sample nothing of it depends on the pixels.
    let steps =
      reader.channels == 3
      ? try colors.steps(sampleBytes: MemoryLayout<Sample>.size, channels: 3)
      : nil
    let areFinal = steps.map { $0.conversion == nil } ?? false
    var loss: RowLoss?
    var pixels = try CodedPixels<Sample>(
      size: size, channels: reader.channels
    ) { (room) throws(DecodeError) in
      let room = UnsafeMutableRawBufferPointer(room)
      try WorkMeter.part(0...0.8) { () throws(DecodeError) in
        guard keepsGoing else {
          try read(reader, into: room, workers, areFinal ? follower : nil)
          return
        }
        loss = try RowLoss.reading(reader, into: room)
      }
    }
    if let loss { pixels.keep(rows: loss.rows) }
    if reader.hasAlpha { pixels.dropAlphaIfOpaque() }
    let converted: ColorManagement.Steps
    if let steps {
      converted = steps
    } else {
      converted = try colors.steps(
        sampleBytes: MemoryLayout<Sample>.size, channels: pixels.channels)
    }
    WorkMeter.part(0.8...1) { pixels.apply(converted, workers) }
    var annotations = try reader.annotations()
    annotations.profile = converted.profile
    try pixels.turn(annotations.takeOrientation(), workers)
    return DecodedImage(
      pixels: raster(pixels), header: reader.header, space: converted.space,
      annotations: annotations,
      warnings: colors.warnings + reader.warnings
        + (loss.map { [$0.warning] } ?? []),
      omittedFrames: reader.omittedFrames)
  }

  /// Reads all rows and the rest of a file.
  private static func read(
    _ reader: any ImageReader, into room: UnsafeMutableRawBufferPointer,
    _ workers: Workers, _ follower: Follower?
  ) throws(DecodeError) {
    guard let follower, reader.isSequential else {
      try reader.readAll(into: room)
      return try reader.finish()
    }
    let samples = SharedSource(
      UnsafeBufferPointer(room.assumingMemoryBound(to: UInt8.self)))
    let width = reader.size.width
    func readAll(_ tell: (Int) -> Void) throws(DecodeError) {
      try reader.readAll(into: room) { tell($0 * width) }
      try reader.finish()
    }
    try workers.followed(by: { follower(samples.buffer, $0) }, readAll)
  }
}
