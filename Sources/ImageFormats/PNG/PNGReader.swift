import CImageShims
import Rasters

/// A PNG that is being read.
final class PNGReader: ImageReader {
  /// The fields of IHDR, and whether there is transparency.
  private let layout: qz_png_header

  let size: ImageSize

  private let handle: OpaquePointer

  private let limits: DecodeLimits

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

  var rowsAtOnce: Int? { layout.interlaced == 0 ? 1 : nil }

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

  /// Exif and XMP may come after the image data.
  func annotations() throws(DecodeError) -> Annotations {
    var annotations = Annotations()
    annotations.exif = exif
    annotations.xmp = try xmp()
    annotations.density = density
    return annotations
  }

  /// The TIFF structure of eXIf. The chunk may stand behind the image data.
  private var exif: [UInt8]? {
    guard var bytes = chunk("eXIf") else { return nil }
    // Some programs leave the mark of JPEG's segment in front.
    if bytes.has("Exif\0\0", at: 0) { bytes.removeFirst(6) }
    return bytes
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

  var warnings: [String] {
    LibraryWarnings.lines(
      library: "libpng", first: qz_png_reader_first_warning(handle),
      count: qz_png_reader_warning_count(handle))
  }

  /// Deflate squeezes no 1,032 bytes into less than one.
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

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let stride = size.width * channels * sampleBytes
    precondition(samples.count >= stride * rows)
    try check(
      qz_png_reader_read_rows(
        handle, samples.assumingMemoryBound(to: UInt8.self).baseAddress,
        stride, UInt32(rows)))
  }

  func finish() throws(DecodeError) {
    try check(qz_png_reader_finish(handle))
  }

  private func check(_ status: qz_status) throws(DecodeError) {
    guard status == QZ_OK else {
      throw DecodeError(
        status, String(cString: qz_png_reader_message(handle)), format: .png,
        bytes: size.pixelCount * channels, limits: limits)
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
