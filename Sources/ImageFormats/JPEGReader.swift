import CImageShims
import Rasters

/// A JPEG that is being read, from bytes that stay where they are for as long
/// as this lives.
struct JPEGReader: ~Copyable {
  /// What the frame header says.
  let layout: qz_jpeg_header

  /// Width and height in pixels.
  let size: ImageSize

  private let handle: OpaquePointer

  /// Reads up to the first scan.
  ///
  /// - Throws: `DecodeError.damaged`, `.unsupported` or `.outOfMemory`.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodeError) {
    try self.init(
      qz_jpeg_reader_create(bytes.baseAddress, bytes.count),
      bytes: bytes.count)
  }

  /// Reads up to the first scan of a file, a little at a time.
  ///
  /// - Parameter descriptor: A file that can be read from its start.
  /// - Throws: `DecodeError.damaged`, `.unsupported` or `.outOfMemory`.
  init(descriptor: Int32) throws(DecodeError) {
    try self.init(qz_jpeg_reader_open(descriptor), bytes: 0)
  }

  private init(
    _ handle: OpaquePointer?, bytes: Int
  ) throws(DecodeError) {
    guard let handle else { throw .outOfMemory(bytes: bytes) }
    var layout = qz_jpeg_header()
    let status = qz_jpeg_reader_read_header(handle, &layout)
    let size = ImageSize(width: Int(layout.width), height: Int(layout.height))
    guard status == QZ_OK, let size else {
      let reason = String(cString: qz_jpeg_reader_message(handle))
      qz_jpeg_reader_destroy(handle)
      throw DecodeError(status, reason, format: .jpeg, bytes: bytes)
    }
    self.handle = handle
    self.layout = layout
    self.size = size
  }

  deinit { qz_jpeg_reader_destroy(handle) }

  /// The header in words.
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

  /// What libjpeg warned of and passed over.
  var warnings: [String] {
    LibraryWarnings.lines(
      library: "libjpeg", first: qz_jpeg_reader_first_warning(handle),
      count: qz_jpeg_reader_warning_count(handle))
  }

  /// Whether a file of `count` bytes can hold the image at all: with Huffman
  /// coding, each block of 8 x 8 samples takes one bit or more. Arithmetic
  /// coding has no such bound.
  func fits(in count: Int) -> Bool {
    let blocks = ((size.width + 7) / 8) * ((size.height + 7) / 8)
    return layout.arithmetic != 0 || blocks / 8 <= count
  }

  /// Samples a pixel of the rows: red, green and blue, or four inks.
  var channels: Int { layout.components == 4 ? 4 : 3 }

  /// Reads all rows, and the rest of the file.
  ///
  /// - Parameter samples: Room for them all.
  /// - Throws: `DecodeError.damaged`, `.unsupported` or `.outOfMemory`.
  func readAll(
    into samples: UnsafeMutableBufferPointer<UInt8>
  ) throws(DecodeError) {
    try read(size.height, into: samples)
    try finish()
  }

  /// Reads the next rows.
  ///
  /// - Parameters:
  ///   - rows: How many.
  ///   - samples: Room for them.
  /// - Throws: `DecodeError.damaged`, `.unsupported` or `.outOfMemory`.
  func read(
    _ rows: Int, into samples: UnsafeMutableBufferPointer<UInt8>
  ) throws(DecodeError) {
    let stride = size.width * channels
    precondition(samples.count >= stride * rows)
    try check(
      qz_jpeg_reader_read_rows(
        handle, samples.baseAddress, stride, UInt32(rows)))
  }

  /// Reads the rest of the file, after all rows.
  ///
  /// - Throws: `DecodeError.damaged` or `.outOfMemory`.
  func finish() throws(DecodeError) {
    try check(qz_jpeg_reader_finish(handle))
  }

  private func check(_ status: qz_status) throws(DecodeError) {
    guard status == QZ_OK else {
      throw DecodeError(
        status, String(cString: qz_jpeg_reader_message(handle)), format: .jpeg,
        bytes: size.pixelCount * channels)
    }
  }
}
