import CImageShims
import Rasters

/// A PNG that is being read.
final class PNGReader: ImageReader {
  /// The fields of IHDR, and whether there is transparency.
  private let layout: qz_png_header

  let size: ImageSize

  private let handle: OpaquePointer

  private let limits: DecodeLimits

  /// The file, where it is in memory and no row was asked for yet.
  private var file: UnsafeBufferPointer<UInt8>?

  /// What libpng reads in place of the file's image data, if anything.
  private var plainData: PlainImageData?

  init(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    let (handle, count) =
      switch bytes {
      case .memory(let buffer):
        (qz_png_reader_create(buffer.baseAddress, buffer.count), buffer.count)
      case .file(let descriptor):
        (qz_png_reader_open(descriptor), 0)
      }
    guard let handle else { throw .outOfMemory(bytes: count) }
    qz_png_reader_limit_chunks(handle, limits.metadataBytes)
    var layout = qz_png_header()
    let status = qz_png_reader_read_header(handle, &layout)
    let size = ImageSize(width: Int(layout.width), height: Int(layout.height))
    guard status == QZ_OK, let size else {
      let reason = String(cString: qz_png_reader_message(handle))
      qz_png_reader_destroy(handle)
      throw DecodeError(
        status, reason, format: .png, bytes: count, limits: limits)
    }
    self.handle = handle
    self.limits = limits
    self.layout = layout
    self.size = size
    if case .memory(let buffer) = bytes { file = buffer }
  }

  deinit { qz_png_reader_destroy(handle) }

  var header: ImageHeader {
    let colors =
      switch layout.color_type {
      case 0: "grey"
      case 2: "RGB"
      case 3: "palette"
      case 4: "grey and alpha"
      default: "RGBA"
      }
    let transparency = layout.has_transparency != 0 ? ", transparency" : ""
    let interlace = layout.interlaced != 0 ? ", interlaced" : ""
    return ImageHeader(
      format: .png, size: size,
      kind: "\(layout.bit_depth)-bit \(colors) PNG\(transparency)\(interlace)")
  }

  var channels: Int { Int(layout.channels) }

  var hasAlpha: Bool { channels == 4 }

  var sampleBytes: Int { layout.bit_depth == 16 ? 2 : 1 }

  var soundRows: Int { Int(qz_png_reader_sound_rows(handle)) }

  var obstacle: ImageStream.Obstacle? {
    layout.interlaced == 0 ? nil : .interlaced
  }

  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    let meaning = try PNGColorChunks(
      codePoints: chunk("cICP"), profile: chunk("iCCP"),
      standard: chunk("sRGB"), gamma: chunk("gAMA"),
      chromaticities: chunk("cHRM")
    ).meaning(limits)
    return ColorManagement(
      from: meaning.profile, to: target,
      layout.color_type & 2 == 0 ? .grey : .rgb, warnings: meaning.warnings)
  }

  /// Exif and XMP may come after the image data, and in older files stand as
  /// text.
  func annotations() throws(DecodeError) -> Annotations {
    var annotations = Annotations()
    annotations.exif = exif
    annotations.xmp = try xmp()
    annotations.density = density
    for kind in ["exif", "app1", "xmp"] {
      guard annotations.exif == nil || annotations.xmp == nil,
        let bytes = try rawProfile(kind)
      else { continue }
      if kind == "xmp" || bytes.has(JPEGSegments.xmpMark, at: 0) {
        let mark = kind == "xmp" ? 0 : JPEGSegments.xmpMark.utf8.count
        annotations.xmp = annotations.xmp ?? Array(bytes.dropFirst(mark))
      } else if let tiff = Annotations.exif(of: bytes) {
        annotations.exif = annotations.exif ?? tiff
      }
    }
    return annotations
  }

  /// The TIFF structure of eXIf. The chunk may stand behind the image data.
  private var exif: [UInt8]? {
    chunk("eXIf").map { Annotations.exif(of: $0) ?? $0 }
  }

  /// Metadata that stands as text; `nil` where there is none, or it is broken.
  ///
  /// - Throws: `DecodeError.metadataTooLarge`.
  private func rawProfile(_ kind: String) throws(DecodeError) -> [UInt8]? {
    var count = 0
    var isCompressed: Int32 = 0
    guard
      let start = qz_png_reader_raw_profile(
        handle, kind, &count, &isCompressed)
    else { return nil }
    let text = Array(UnsafeBufferPointer(start: start, count: count))
    return RawProfile.bytes(
      isCompressed == 0
        ? text : try inflated(text, what: "a profile as text") ?? [])
  }

  /// What is compressed in a text.
  ///
  /// - Parameters:
  ///   - stream: A zlib stream.
  ///   - what: What it is, with its article.
  /// - Returns: `nil` where it is broken.
  /// - Throws: `DecodeError.metadataTooLarge`.
  private func inflated(
    _ stream: [UInt8], what: String
  ) throws(DecodeError) -> [UInt8]? {
    let most = limits.metadataBytes
    guard let text = ZlibStream.inflate(stream, beyond: most) else {
      return nil
    }
    guard text.count <= most else {
      throw .metadataTooLarge(format: .png, what: what, maximumBytes: most)
    }
    return text
  }

  /// The pixels a metre of pHYs, or their ratio. The chunk stands before the
  /// image data.
  private var density: PixelDensity? {
    guard let bytes = chunk("pHYs"), bytes.count == 9,
      let horizontal = bytes.number(at: 0, count: 4, .big),
      let vertical = bytes.number(at: 4, count: 4, .big),
      horizontal > 0, vertical > 0
    else { return nil }
    return PixelDensity(
      horizontal: UInt32(horizontal), vertical: UInt32(vertical),
      unit: bytes[8] == 1 ? .meter : .unknown)
  }

  /// The XMP packet of iTXt. The chunk may stand behind the image data.
  ///
  /// - Throws: `DecodeError.metadataTooLarge`.
  private func xmp() throws(DecodeError) -> [UInt8]? {
    // Keyword, compression flag and method, language, translated keyword, each
    // text with a zero behind it.
    guard let bytes = chunk("iTXt"),
      let keyword = bytes.firstIndex(of: 0), bytes.count > keyword + 3
    else { return nil }
    let rest = bytes[(keyword + 3)...].split(
      separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    guard rest.count == 3 else { return nil }
    let packet = Array(rest[2])
    switch (bytes[keyword + 1], bytes[keyword + 2]) {
    case (0, _): return packet
    case (1, 0): return try inflated(packet, what: "an XMP packet")
    default: return nil
    }
  }

  /// Frames are told by fcTL: each has one, and the image itself has one if it
  /// is the first of them.
  var omittedFrames: Int { frames.count - (frames.showsImage ? 1 : 0) }

  private var frames: (count: Int, showsImage: Bool) {
    var showsImage: Int32 = 0
    let count = qz_png_reader_frames(handle, &showsImage)
    return (count, showsImage != 0)
  }

  /// What is said of an animation.
  private var animationWarning: [String] {
    let (count, omitted) = (frames.count, omittedFrames)
    guard omitted > 0, count == omitted else {
      return FrameOnCanvas.warnings(omitted: omitted, of: .png)
    }
    let frames = omitted == 1 ? "frame is" : "frames are"
    return [
      "the PNG is animated, and the image that is used is not part of the "
        + "animation: its \(omitted) \(frames) left out"
    ]
  }

  var warnings: [String] {
    animationWarning
      + LibraryWarnings.lines(
        library: "libpng", first: qz_png_reader_first_warning(handle),
        count: qz_png_reader_warning_count(handle))
  }

  /// Deflate squeezes no 1,032 bytes into less than one.
  func fits(in count: Int) -> Bool {
    let bits = size.pixelCount.multipliedReportingOverflow(
      by: layout.pixelBits)
    return !bits.overflow && bits.partialValue / 8 / 1_032 <= count
  }

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let stride = size.width * channels * sampleBytes
    precondition(samples.count >= stride * rows)
    inflateAtOnce()
    try check(
      qz_png_reader_read_rows(
        handle, samples.assumingMemoryBound(to: UInt8.self).baseAddress,
        stride, UInt32(rows)))
  }

  func finish() throws(DecodeError) {
    try check(qz_png_reader_finish(handle))
    plainData = nil
  }

  /// Inflates the image data of a file in memory before its first row is read.
  private func inflateAtOnce() {
    guard let file else { return }
    self.file = nil
    plainData = PlainImageData(
      file, from: qz_png_reader_data_start(handle), layout)
    guard let bytes = plainData?.bytes, let end = plainData?.end else { return }
    qz_png_reader_replace_data(handle, bytes.baseAddress, bytes.count, end)
  }

  private func check(_ status: qz_status) throws(DecodeError) {
    guard status == QZ_OK else {
      throw DecodeError(
        status, String(cString: qz_png_reader_message(handle)), format: .png,
        bytes: size.pixelCount * channels, limits: limits,
        keepsRows: soundRows > 0)
    }
  }

  private func chunk(_ name: String) -> [UInt8]? {
    var count = 0
    guard let bytes = qz_png_reader_chunk(handle, name, &count) else {
      return nil
    }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
