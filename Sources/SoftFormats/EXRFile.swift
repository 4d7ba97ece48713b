import CSoftShims
import ParallelWork
import SystemPackage

/// A channel of an OpenEXR file.
struct EXRChannel: Sendable {
  /// Its name.
  let name: String

  /// Whether it is written as half floats, and not as floats.
  let isHalf: Bool
}

/// A part of an OpenEXR file.
struct EXRPart {
  /// Its name.
  let name: String

  /// Channels of different names.
  let channels: [EXRChannel]

  /// Attributes.
  var texts: [(String, String)] = []
}

/// An OpenEXR file of parts in scan lines, compressed by ZIP, written by the OpenEXR
/// library.
///
/// Chunks are compressed on several threads and written in their order, those of one part
/// after those of the other.
struct EXRFile: ~Copyable {
  private let library: EXRLibrary
  private var context: exr_context_t?
  private let parts: [EXRPart]
  private let width: Int

  /// The rows of a chunk; only the last has fewer.
  let chunkHeight: Int

  /// Beyond so many bytes in 16 rows each row is compressed alone.
  private static let mostChunkBytes = 32 << 20

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: The file, which is replaced.
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - parts: Parts of different names.
  ///   - primaries: x and y of red, green, blue and white.
  ///   - library: The library, loaded.
  /// - Throws: `SoftFormatError.failed`.
  init(
    _ path: FilePath, width: Int, height: Int, parts: [EXRPart],
    primaries: [Float]?, library: EXRLibrary
  ) throws(SoftFormatError) {
    self.library = library
    let exr = library.functions
    self.parts = parts
    self.width = width
    let bytes = 16 * width * 4 * (parts.map(\.channels.count).max() ?? 1)
    let compression =
      bytes <= Self.mostChunkBytes ? EXR_COMPRESSION_ZIP : EXR_COMPRESSION_ZIPS
    chunkHeight = bytes <= Self.mostChunkBytes ? 16 : 1
    var options = exr_context_initializer_t()
    options.size = MemoryLayout<exr_context_initializer_t>.size
    // What goes wrong is told by the caller, on one line.
    options.error_handler_fn = { _, _, _ in }
    // Level 3 is twice as fast as 6 for files a few per cent larger.
    options.zip_level = 3
    options.dwa_quality = -1
    var context: exr_context_t?
    try library.check(
      path.withPlatformString {
        exr.exr_start_write(&context, $0, EXR_WRITE_FILE_DIRECTLY, &options)
      })
    self.context = context
    for part in parts {
      try Self.add(
        part, to: context, (width, height), compression, primaries, library)
    }
    try library.check(exr.exr_write_header(context))
  }

  /// Adds what the file says of a part.
  private static func add(
    _ described: EXRPart, to context: exr_context_t?,
    _ size: (width: Int, height: Int), _ compression: exr_compression_t,
    _ primaries: [Float]?, _ library: EXRLibrary
  ) throws(SoftFormatError) {
    let exr = library.functions
    var part: Int32 = 0
    try library.check(
      exr.exr_add_part(context, described.name, EXR_STORAGE_SCANLINE, &part))
    try library.check(
      exr.exr_initialize_required_attr_simple(
        context, part, Int32(size.width), Int32(size.height), compression))
    for channel in described.channels {
      try library.check(
        exr.exr_add_channel(
          context, part, channel.name,
          channel.isHalf ? EXR_PIXEL_HALF : EXR_PIXEL_FLOAT,
          EXR_PERCEPTUALLY_LOGARITHMIC, 1, 1))
    }
    for (name, text) in described.texts {
      try library.check(exr.exr_attr_set_string(context, part, name, text))
    }
    guard let p = primaries else { return }
    var primaries = exr_attr_chromaticities_t(
      red_x: p[0], red_y: p[1], green_x: p[2], green_y: p[3], blue_x: p[4],
      blue_y: p[5], white_x: p[6], white_y: p[7])
    try library.check(
      exr.exr_attr_set_chromaticities(
        context, part, "chromaticities", &primaries))
  }

  deinit {
    var context = context
    if context != nil { _ = library.functions.exr_finish(&context) }
  }

  /// Writes rows, which begin with a chunk and end with one or the image.
  ///
  /// - Parameters:
  ///   - rows: The rows behind those that were written of the part.
  ///   - part: The number of the part; those before it are complete.
  ///   - workers: The threads to use; the bytes do not depend on them.
  ///   - planes: Gives the samples of a chunk's rows, channel after channel.
  /// - Throws: `SoftFormatError.failed`.
  func write(
    _ rows: Range<Int>, part: Int = 0, workers: Workers,
    planes: @Sendable (Range<Int>) -> [[Float]]
  ) throws(SoftFormatError) {
    let chunks = stride(
      from: rows.lowerBound, to: rows.upperBound, by: chunkHeight
    ).map { $0..<min(rows.upperBound, $0 + chunkHeight) }
    // A few at a time: what is compressed stays in memory until it is written.
    let batch = 4 * workers.threads
    for start in stride(from: 0, to: chunks.count, by: batch) {
      let chunks = chunks[start..<min(chunks.count, start + batch)]
      let shared = EXRContext(handle: context, library: library)
      let channels = parts[part].channels
      let width = width
      let encoders = workers.map(chunks.count) { i in
        EXRChunkEncoder(
          chunks[chunks.startIndex + i], width, part, channels, shared, planes)
      }
      defer { for encoder in encoders { encoder.destroy() } }
      for encoder in encoders {
        try library.check(encoder.status)
        try library.check(encoder.write())
      }
    }
  }

  /// Ends the file.
  ///
  /// - Throws: `SoftFormatError.failed`.
  consuming func finish() throws(SoftFormatError) {
    var ended = context
    context = nil
    try library.check(library.functions.exr_finish(&ended))
  }
}

/// The library's handle of a file.
///
/// - Note: Marked Sendable because the library lets several threads encode
///   chunks of one file; only one thread writes.
struct EXRContext: @unchecked Sendable {
  let handle: exr_context_t?
  let library: EXRLibrary
}
