import CImageShims
import Rasters

/// A PNG that is being read, from bytes that stay where they are for as long
/// as this lives.
struct PNGReader: ~Copyable {
  /// What IHDR says, and whether there is transparency.
  let layout: qz_png_header

  /// Width and height in pixels.
  let size: ImageSize

  private let handle: OpaquePointer

  private let limits: DecodeLimits

  /// Reads everything before the image data.
  ///
  /// - Throws: `DecodeError.damaged`, `.metadataTooLarge` or `.outOfMemory`.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ limits: DecodeLimits = DecodeLimits()
  ) throws(DecodeError) {
    try self.init(
      qz_png_reader_create(bytes.baseAddress, bytes.count),
      bytes: bytes.count, limits)
  }

  /// Reads everything before the image data of a file, a little at a time.
  ///
  /// - Parameters:
  ///   - descriptor: A file that can be read from its start.
  ///   - limits: What is read at most.
  /// - Throws: `DecodeError.damaged`, `.metadataTooLarge` or `.outOfMemory`.
  init(descriptor: Int32, _ limits: DecodeLimits) throws(DecodeError) {
    try self.init(qz_png_reader_open(descriptor), bytes: 0, limits)
  }

  private init(
    _ handle: OpaquePointer?, bytes: Int, _ limits: DecodeLimits
  ) throws(DecodeError) {
    guard let handle else { throw .outOfMemory(bytes: bytes) }
    qz_png_reader_limit_chunks(handle, limits.metadataBytes)
    var layout = qz_png_header()
    let status = qz_png_reader_read_header(handle, &layout)
    let size = ImageSize(width: Int(layout.width), height: Int(layout.height))
    guard status == QZ_OK, let size else {
      let reason = String(cString: qz_png_reader_message(handle))
      qz_png_reader_destroy(handle)
      throw DecodeError(
        status, reason, format: .png, bytes: bytes, limits: limits)
    }
    self.handle = handle
    self.limits = limits
    self.layout = layout
    self.size = size
  }

  deinit { qz_png_reader_destroy(handle) }

  /// The header in words.
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

  /// What the samples are before colours are managed.
  var coded: ColorManagement.Coded {
    layout.color_type & 2 == 0 ? .grey : .rgb
  }

  /// The TIFF structure of eXIf. The chunk may stand behind the image data.
  var exif: [UInt8]? {
    guard var bytes = chunk("eXIf") else { return nil }
    // Some programs leave the mark of JPEG's segment in front.
    if bytes.has("Exif\0\0", at: 0) { bytes.removeFirst(6) }
    return bytes
  }

  /// The pixels a metre of pHYs, or their ratio. The chunk stands before the
  /// image data.
  var density: PixelDensity? {
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
  func xmp() throws(DecodeError) -> [UInt8]? {
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
    case (1, 0):
      let most = limits.metadataBytes
      guard let text = ZlibStream.inflate(packet, beyond: most) else {
        return nil
      }
      guard text.count <= most else {
        throw .metadataTooLarge(
          format: .png, what: "an XMP packet", maximumBytes: most)
      }
      return text
    default: return nil
    }
  }

  /// What libpng warned of and passed over.
  var warnings: [String] {
    LibraryWarnings.lines(
      library: "libpng", first: qz_png_reader_first_warning(handle),
      count: qz_png_reader_warning_count(handle))
  }

  /// Whether a file of `count` bytes can hold the image at all: deflate
  /// squeezes no 1,032 bytes into less than one.
  func fits(in count: Int) -> Bool {
    let samples =
      switch layout.color_type {
      case 2: 3
      case 4: 2
      case 6: 4
      default: 1
      }
    let bits = size.pixelCount.multipliedReportingOverflow(
      by: samples * Int(layout.bit_depth))
    return !bits.overflow && bits.partialValue / 8 / 1_032 <= count
  }

  /// Reads all rows, 3 or 4 samples a pixel, and the rest of the file.
  ///
  /// - Parameter samples: Room for them all, of 16 bits each if the file has
  ///   those and 8 otherwise.
  /// - Throws: `DecodeError.damaged`, `.metadataTooLarge` or `.outOfMemory`.
  func readAll<Sample: FixedWidthInteger & BitwiseCopyable>(
    into samples: UnsafeMutableBufferPointer<Sample>
  ) throws(DecodeError) {
    try read(size.height, into: samples)
    try finish()
  }

  /// Reads the next rows, as `readAll` does.
  ///
  /// - Parameters:
  ///   - rows: How many, all of them where the file is interlaced.
  ///   - samples: Room for them.
  /// - Throws: `DecodeError.damaged` or `.outOfMemory`.
  func read<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ rows: Int, into samples: UnsafeMutableBufferPointer<Sample>
  ) throws(DecodeError) {
    let width = MemoryLayout<Sample>.size
    let stride = size.width * Int(layout.channels)
    precondition(width == (layout.bit_depth == 16 ? 2 : 1))
    precondition(samples.count >= stride * rows)
    let room = UnsafeMutableRawBufferPointer(samples)
    try check(
      qz_png_reader_read_rows(
        handle, room.assumingMemoryBound(to: UInt8.self).baseAddress,
        stride * width, UInt32(rows)))
  }

  /// Reads the rest of the file, after all rows.
  ///
  /// - Throws: `DecodeError.damaged` or `.outOfMemory`.
  func finish() throws(DecodeError) {
    try check(qz_png_reader_finish(handle))
  }

  private func check(_ status: qz_status) throws(DecodeError) {
    guard status == QZ_OK else {
      throw DecodeError(
        status, String(cString: qz_png_reader_message(handle)), format: .png,
        bytes: size.pixelCount * Int(layout.channels), limits: limits)
    }
  }

  /// What the chunks say of the samples' colours.
  var colors: PNGColorChunks {
    PNGColorChunks(
      codePoints: chunk("cICP"), profile: chunk("iCCP"),
      standard: chunk("sRGB"), gamma: chunk("gAMA"),
      chromaticities: chunk("cHRM"))
  }

  private func chunk(_ name: String) -> [UInt8]? {
    var count = 0
    guard let bytes = qz_png_reader_chunk(handle, name, &count) else {
      return nil
    }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
