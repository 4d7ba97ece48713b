import CImageShims
import Rasters

/// A JPEG that is being read.
final class JPEGReader: ImageReader {
  /// The frame header.
  private let layout: qz_jpeg_header

  let size: ImageSize

  /// The segments before the first scan.
  private let segments: JPEGSegments

  private let handle: OpaquePointer

  private let bytes: ImageBytes

  /// Whether the file turned out to be damaged.
  private var isDamaged = false

  init(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    let segments = JPEGSegments(in: bytes)
    let (handle, count) =
      switch bytes {
      case .memory(let buffer):
        (qz_jpeg_reader_create(buffer.baseAddress, buffer.count), buffer.count)
      case .file(let descriptor):
        (qz_jpeg_reader_open(descriptor), 0)
      }
    guard let handle else { throw .outOfMemory(bytes: count) }
    var layout = qz_jpeg_header()
    let status = qz_jpeg_reader_read_header(handle, &layout)
    let size = ImageSize(width: Int(layout.width), height: Int(layout.height))
    guard status == QZ_OK, let size else {
      let reason = String(cString: qz_jpeg_reader_message(handle))
      qz_jpeg_reader_destroy(handle)
      throw segments.frameRefusal()
        ?? DecodeError(status, reason, format: .jpeg, bytes: count)
    }
    self.bytes = bytes
    self.segments = segments
    self.handle = handle
    self.layout = layout
    self.size = size
  }

  deinit { qz_jpeg_reader_destroy(handle) }

  var header: ImageHeader {
    let colors =
      switch layout.components {
      case 1: "grey"
      case 3: "colour"
      case 4: "CMYK"
      default: "\(layout.components)-component"
      }
    let process = layout.progressive != 0 ? "progressive" : "sequential"
    let coding = layout.arithmetic != 0 ? ", arithmetic-coded" : ""
    return ImageHeader(
      format: .jpeg, size: size,
      kind: "\(layout.precision)-bit \(colors) JPEG, \(process)\(coding)")
  }

  /// Red, green and blue, or four inks.
  var channels: Int { layout.components == 4 ? 4 : 3 }

  var hasAlpha: Bool { false }

  var sampleBytes: Int { 1 }

  var soundRows: Int { Int(qz_jpeg_reader_sound_rows(handle)) }

  var obstacle: ImageStream.Obstacle? {
    if layout.several_scans != 0 { return .severalScans }
    var annotations = segments.annotations
    return annotations.takeOrientation() == .upright ? nil : .turned
  }

  /// With Huffman coding, each block of 8 x 8 samples takes one bit or more.
  /// Arithmetic coding has no such bound.
  func fits(in count: Int) -> Bool {
    let blocks = ((size.width + 7) / 8) * ((size.height + 7) / 8)
    return layout.arithmetic != 0 || blocks / 8 <= count
  }

  func check(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    if let refusal = segments.frameRefusal() { throw refusal }
    guard layout.several_scans != 0 else { return }
    let scans = JPEGScans.count { offset, count in
      bytes.bytes(count, at: offset)
    }
    guard
      scans <= DecodeLimits.freeScans
        || size.pixelCount <= limits.pixels / scans
    else {
      throw .tooManyScans(
        scans, width: size.width, height: size.height,
        maximumPixels: limits.pixels)
    }
  }

  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    guard segments.profileBytes <= limits.metadataBytes else {
      throw .metadataTooLarge(
        format: .jpeg, what: "an ICC profile",
        maximumBytes: limits.metadataBytes)
    }
    let coded: ColorManagement.Coded =
      switch layout.components {
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

  func annotations() -> Annotations { segments.annotations }

  /// None where the file is damaged: libjpeg's would say the same again.
  var warnings: [String] {
    guard !isDamaged else { return [] }
    let ending =
      qz_jpeg_reader_lacks_end(handle) != 0
      ? ["the JPEG has no end marker; all of its rows are there"] : []
    return ending
      + LibraryWarnings.lines(
        library: "libjpeg", first: qz_jpeg_reader_first_warning(handle),
        count: qz_jpeg_reader_warning_count(handle))
  }

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let stride = size.width * channels
    precondition(samples.count >= stride * rows)
    try check(
      qz_jpeg_reader_read_rows(
        handle, samples.assumingMemoryBound(to: UInt8.self).baseAddress,
        stride, UInt32(rows)))
  }

  /// Of the rows of blocks that were decoded, the last rows were not handed out,
  /// since they waited for the next; as the last ones of a lower image they
  /// are.
  func recover(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    guard rows < size.height, case .memory(let buffer) = bytes,
      let place = segments.heightOffset
    else { return }
    var lower = Array(buffer)
    lower[place] = UInt8(truncatingIfNeeded: rows >> 8)
    lower[place + 1] = UInt8(truncatingIfNeeded: rows)
    try lower.withUnsafeBufferPointer { (buffer) throws(DecodeError) in
      try JPEGReader(.memory(buffer), DecodeLimits()).read(rows, into: samples)
    }
  }

  func finish() throws(DecodeError) {
    try check(qz_jpeg_reader_finish(handle))
  }

  private func check(_ status: qz_status) throws(DecodeError) {
    guard status == QZ_OK else {
      isDamaged = true
      throw DecodeError(
        status, String(cString: qz_jpeg_reader_message(handle)), format: .jpeg,
        bytes: size.pixelCount * channels, keepsRows: soundRows > 0)
    }
  }
}
