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
    guard let handle = qz_jpeg_reader_create(bytes.baseAddress, bytes.count)
    else { throw .outOfMemory(bytes: 0) }
    var layout = qz_jpeg_header()
    let status = qz_jpeg_reader_read_header(handle, &layout)
    let size = ImageSize(width: Int(layout.width), height: Int(layout.height))
    guard status == QZ_OK, let size else {
      let reason = String(cString: qz_jpeg_reader_message(handle))
      qz_jpeg_reader_destroy(handle)
      throw DecodeError(status, reason, format: .jpeg, bytes: bytes.count)
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
    let stride = size.width * channels
    precondition(samples.count >= stride * size.height)
    var status = qz_jpeg_reader_read_rows(
      handle, samples.baseAddress, stride, layout.height)
    if status == QZ_OK { status = qz_jpeg_reader_finish(handle) }
    guard status == QZ_OK else {
      throw DecodeError(
        status, String(cString: qz_jpeg_reader_message(handle)), format: .jpeg,
        bytes: stride * size.height)
    }
  }
}
