import ParallelWork
import Rasters

/// Reads the bytes of a PNG or JPEG file into samples of a colour space that is
/// known.
///
/// What would come out wrong is refused, never shown: high dynamic range, and
/// damaged or truncated files.
public struct ImageDecoder: Sendable {
  /// Reads an image.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. What follows the end of the image is ignored.
  ///   - target: The space to give the samples in. Colours are converted relative
  ///     to the white of each space, with black point compensation; files in
  ///     that space already, to a 255th, come out untouched.
  ///   - limits: What the file may ask for; more is refused before memory is
  ///     taken for it.
  ///   - keepsGoing: Whether of a damaged file the rows before the damage are
  ///     given, with a warning that says how many are lost.
  ///   - threads: The most threads to use; the result never depends on it.
  /// - Returns: The pixels the right way up, `.rgb` when all are opaque.
  /// - Throws: Every case of `DecodeError`. No partial image is ever returned.
  /// - Complexity: O(pixels + bytes) time. Memory for 3 samples a pixel, 4 when
  ///   the file has an alpha channel or four inks, of a byte each, 2 in files of
  ///   16 bits; progressive and multi-scan JPEGs take up to 8 bytes a pixel more
  ///   while they are read.
  public static func decode(
    _ bytes: [UInt8], into target: ColorTarget = .sRGB,
    limits: DecodeLimits = DecodeLimits(), keepsGoing: Bool = false,
    threads: Int = 1
  ) throws(DecodeError) -> DecodedImage {
    let workers = Workers(threads: threads)
    return switch try format(of: bytes) {
    case .png: try decodePNG(bytes, target, limits, keepsGoing, workers)
    case .jpeg: try decodeJPEG(bytes, target, limits, keepsGoing, workers)
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

  static func format(
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
    _ bytes: [UInt8], _ target: ColorTarget, _ limits: DecodeLimits,
    _ keepsGoing: Bool, _ workers: Workers
  ) throws(DecodeError) -> DecodedImage {
    try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> DecodedImage in
      let reader = try PNGReader(buffer, limits)
      let colors = try colors(reader, target, limits)
      try check(
        reader.size, limits,
        isPlausible: keepsGoing || reader.fits(in: bytes.count), .png)
      return reader.layout.bit_depth == 16
        ? try decodePNG(reader, colors, keepsGoing, workers) {
          (pixels: CodedPixels<UInt16>) in
          pixels.pixels
        }
        : try decodePNG(reader, colors, keepsGoing, workers) {
          (pixels: CodedPixels<UInt8>) in
          pixels.pixels
        }
    }
  }

  private static func decodePNG<Sample>(
    _ reader: borrowing PNGReader, _ colors: ColorManagement,
    _ keepsGoing: Bool, _ workers: Workers,
    _ raster: (CodedPixels<Sample>) -> Pixels
  ) throws(DecodeError) -> DecodedImage {
    var loss: RowLoss?
    var pixels = try CodedPixels<Sample>(
      size: reader.size, channels: Int(reader.layout.channels)
    ) { (room) throws(DecodeError) in
      // The rows of an interlaced file are whole only at its end.
      guard keepsGoing, reader.layout.interlaced == 0 else {
        try reader.readAll(into: room)
        return
      }
      loss = try RowLoss.reading(reader.size, room, rowsAtOnce: 1) {
        (rows, room) throws(DecodeError) in
        try reader.read(rows, into: room)
      } finish: { () throws(DecodeError) in
        try reader.finish()
      }
    }
    if let loss { pixels.keep(rows: loss.rows) }
    pixels.dropAlphaIfOpaque()
    return try finish(
      pixels, reader.header, try annotations(reader), colors,
      reader.warnings + (loss.map { [$0.warning] } ?? []), workers, raster)
  }

  private static func decodeJPEG(
    _ bytes: [UInt8], _ target: ColorTarget, _ limits: DecodeLimits,
    _ keepsGoing: Bool, _ workers: Workers
  ) throws(DecodeError) -> DecodedImage {
    let segments = JPEGSegments(bytes)
    if let refusal = segments.frameRefusal() { throw refusal }
    return try bytes.withUnsafeBufferPointer {
      (buffer) throws(DecodeError) -> DecodedImage in
      let reader = try JPEGReader(buffer)
      try check(
        reader.size, limits,
        isPlausible: keepsGoing || reader.fits(in: bytes.count), .jpeg)
      let colors = try colors(reader, segments, target, limits)
      let scans = JPEGScans.count { offset, count in
        Array(buffer.dropFirst(offset).prefix(count))
      }
      try check(reader.size, scans: scans, limits)
      var loss: RowLoss?
      var pixels = try CodedPixels<UInt8>(
        size: reader.size, channels: reader.channels
      ) { (room) throws(DecodeError) in
        guard keepsGoing else {
          try reader.readAll(into: room)
          return
        }
        loss = try RowLoss.reading(reader.size, room, rowsAtOnce: 8) {
          (rows, room) throws(DecodeError) in
          try reader.read(rows, into: room)
        } finish: { () throws(DecodeError) in
          try reader.finish()
        }
      }
      if let loss { pixels.keep(rows: loss.rows) }
      return try finish(
        pixels, reader.header, segments.annotations, colors,
        // libjpeg's own are about the same.
        loss.map { [$0.warning] } ?? reader.warnings, workers
      ) { $0.pixels }
    }
  }

  /// The way of a JPEG's colours.
  static func colors(
    _ reader: borrowing JPEGReader, _ segments: JPEGSegments,
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    guard segments.profileBytes <= limits.metadataBytes else {
      throw .metadataTooLarge(
        format: .jpeg, what: "an ICC profile",
        maximumBytes: limits.metadataBytes)
    }
    let coded: ColorManagement.Coded =
      switch reader.layout.components {
      case 1: .grey
      // Adobe's programs store no ink as 255, and every reader takes all
      // files so, also those without Adobe's segment.
      case 4: .cmyk
      default: .rgb
      }
    let profile = segments.profile.flatMap { ColorProfile($0) }
    return ColorManagement(
      from: profile, to: target, coded,
      warnings: segments.hasProfile && profile == nil
        ? [ColorManagement.brokenProfile(for: coded)] : [])
  }

  /// The way of a PNG's colours.
  static func colors(
    _ reader: borrowing PNGReader, _ target: ColorTarget,
    _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    let meaning = try reader.colors.meaning(limits)
    return ColorManagement(
      from: meaning.profile, to: target, reader.coded,
      warnings: meaning.warnings)
  }

  /// What a PNG says beside its pixels, once all of it was read: Exif and XMP
  /// may stand behind the image data.
  static func annotations(
    _ reader: borrowing PNGReader
  ) throws(DecodeError) -> Annotations {
    var annotations = Annotations()
    annotations.exif = reader.exif
    annotations.xmp = try reader.xmp()
    annotations.density = reader.density
    return annotations
  }

  /// Converts colours and turns, when all of the file was read.
  private static func finish<Sample>(
    _ pixels: CodedPixels<Sample>, _ header: ImageHeader,
    _ annotations: Annotations, _ colors: ColorManagement,
    _ warnings: [String], _ workers: Workers,
    _ raster: (CodedPixels<Sample>) -> Pixels
  ) throws(DecodeError) -> DecodedImage {
    var (pixels, colors, annotations) = (pixels, colors, annotations)
    let converted = try colors.steps(
      sampleBytes: MemoryLayout<Sample>.size, channels: pixels.channels)
    pixels.apply(converted, workers)
    annotations.profile = converted.profile
    try pixels.turn(annotations.takeOrientation(), workers)
    return DecodedImage(
      pixels: raster(pixels), header: header, space: converted.space,
      annotations: annotations, warnings: colors.warnings + warnings)
  }

  /// Looks at a size before memory is taken for it.
  static func check(
    _ size: ImageSize, _ limits: DecodeLimits, isPlausible: Bool,
    _ format: ImageFormat
  ) throws(DecodeError) {
    guard size.pixelCount <= limits.pixels else {
      throw .tooLarge(
        width: size.width, height: size.height, maximumPixels: limits.pixels)
    }
    guard isPlausible else {
      throw .damaged(
        format: format,
        reason: "the file is too short for \(size.width) x \(size.height) "
          + "pixels")
    }
  }

  /// Looks at how often a JPEG goes over its pixels.
  static func check(
    _ size: ImageSize, scans: Int, _ limits: DecodeLimits
  ) throws(DecodeError) {
    guard
      scans <= DecodeLimits.freeScans
        || size.pixelCount <= limits.pixels / scans
    else {
      throw .tooManyScans(
        scans, width: size.width, height: size.height,
        maximumPixels: limits.pixels)
    }
  }
}
