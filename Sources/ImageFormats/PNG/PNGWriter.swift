import CImageShims
import ParallelWork
import Rasters

/// A PNG that is being written.
struct PNGWriter: ~Copyable {
  private let handle: OpaquePointer
  private let rows: UInt32

  /// Begins an image.
  ///
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  init(_ layout: qz_png_layout) throws(EncodeError) {
    guard let handle = qz_png_writer_create() else { throw .outOfMemory }
    var layout = layout
    let status = qz_png_writer_begin(handle, &layout)
    guard status == QZ_OK else {
      let reason = String(cString: qz_png_writer_message(handle))
      qz_png_writer_destroy(handle)
      throw EncodeError(status, reason, format: .png)
    }
    self.handle = handle
    rows = layout.height
  }

  deinit { qz_png_writer_destroy(handle) }

  /// Sets the palette of an image that has one.
  ///
  /// - Parameters:
  ///   - colors: The entries.
  ///   - alphas: The alphas of the first of them or of all; written are those
  ///     up to the last that is not opaque.
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  func setPalette(
    _ colors: [RGBColor], alphas: [UInt8]
  ) throws(EncodeError) {
    let opaque = alphas.reversed().prefix { $0 == 255 }.count
    try check(
      qz_png_writer_set_palette(
        handle, colors.flatMap { [$0.red, $0.green, $0.blue] }, colors.count,
        alphas, alphas.count - opaque))
  }

  /// Writes all of an image whose rows are compressed already.
  ///
  /// - Parameters:
  ///   - parts: The zlib stream of the filtered rows; each part of it is a chunk
  ///     of its own.
  ///   - annotations: What stands beside the pixels.
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  consuming func finish(
    compressed parts: [[UInt8]], _ annotations: Annotations
  ) throws(EncodeError) -> [UInt8] {
    try writeHeader(annotations)
    try write(compressed: parts)
    return try end()
  }

  /// Writes some of the compressed rows, after the header.
  ///
  /// - Parameter parts: The next parts of one zlib stream; each is a chunk of
  ///   its own.
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  func write(compressed parts: [[UInt8]]) throws(EncodeError) {
    for part in parts {
      try check(qz_png_writer_write_stream(handle, part, part.count))
    }
  }

  /// Writes everything before the rows.
  ///
  /// - Parameter annotations: What stands beside the pixels.
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  func writeHeader(_ annotations: Annotations) throws(EncodeError) {
    if let profile = annotations.profile {
      try check(qz_png_writer_set_profile(handle, profile, profile.count))
    }
    if let density = annotations.density, Self.canSay(density) {
      try check(
        qz_png_writer_set_density(
          handle, density.horizontal, density.vertical,
          density.unit == .meter ? 1 : 0))
    }
    try check(qz_png_writer_write_header(handle))
    if let exif = annotations.exif {
      try check(qz_png_writer_write_chunk(handle, "eXIf", exif, exif.count))
    }
    if let xmp = annotations.xmp {
      let text = Self.internationalText("XML:com.adobe.xmp", xmp)
      try check(qz_png_writer_write_chunk(handle, "iTXt", text, text.count))
    }
  }

  /// Ends the file, after its last row.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  func end() throws(EncodeError) -> [UInt8] {
    try check(qz_png_writer_finish(handle))
    var count = 0
    let bytes = qz_png_writer_bytes(handle, &count)
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// The bytes written since the last call.
  func take() -> [UInt8] {
    var count = 0
    let bytes = qz_png_writer_bytes(handle, &count)
    let taken = Array(UnsafeBufferPointer(start: bytes, count: count))
    qz_png_writer_discard(handle)
    return taken
  }

  private func check(_ status: qz_status) throws(EncodeError) {
    guard status == QZ_OK else {
      throw EncodeError(
        status, String(cString: qz_png_writer_message(handle)), format: .png)
    }
  }

  /// Whether both numbers are ones of PNG, and not 0, which means nothing.
  private static func canSay(_ density: PixelDensity) -> Bool {
    let range = 1...UInt32(Int32.max)
    return range.contains(density.horizontal)
      && range.contains(density.vertical)
  }

  /// The payload of an iTXt chunk: not compressed, so that programs that only
  /// search for an XMP packet find it, and in no language. A zero byte cannot
  /// stand in it; the text ends there.
  private static func internationalText(
    _ keyword: String, _ text: [UInt8]
  ) -> [UInt8] {
    Array(keyword.utf8) + [0, 0, 0, 0, 0] + text.prefix { $0 != 0 }
  }
}
