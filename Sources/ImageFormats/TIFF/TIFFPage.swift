import CSoftShims
import Rasters

/// What every reader of TIFFs needs of a page: its header, and whether its strips
/// or tiles can be what they say.
enum TIFFPage {
  /// Reads the header of a page, of which later calls are.
  ///
  /// - Parameters:
  ///   - number: The page, from 0.
  ///   - handle: The file.
  /// - Returns: The header, and the size, with neither side 0 nor any of a strip or
  ///   tile.
  /// - Throws: `DecodeError.damaged`.
  static func header(
    _ number: Int, of handle: OpaquePointer
  ) throws(DecodeError) -> (layout: qz_tiff_header, size: ImageSize) {
    var layout = qz_tiff_header()
    guard let page = UInt16(exactly: number),
      qz_tiff_reader_read_header(handle, page, &layout) != 0,
      let size = ImageSize(
        width: Int(layout.width), height: Int(layout.height)),
      layout.samples > 0
    else {
      throw damage(of: handle, "it has no width or height")
    }
    guard layout.block_width > 0, layout.block_height > 0 else {
      throw damage(of: handle, "strips or tiles of a size that cannot be")
    }
    return (layout, size)
  }

  /// The headers of the first page and of all that are no smaller versions of
  /// another, as maps have them, no masks, and not damaged.
  ///
  /// - Throws: `DecodeError.damaged` where the first is.
  static func headers(
    of handle: OpaquePointer
  ) throws(DecodeError) -> [(page: Int, layout: qz_tiff_header)] {
    var headers = [(page: 0, layout: try header(0, of: handle).layout)]
    let count = Int(qz_tiff_reader_pages(handle))
    for page in 1..<max(1, count) {
      guard let (layout, _) = try? header(page, of: handle),
        layout.subfile & 5 == 0
      else { continue }
      headers.append((page, layout))
    }
    return headers
  }

  /// Refuses strips or tiles that reach beyond the image by more than programs
  /// write.
  ///
  /// - Throws: `DecodeError.damaged`.
  static func checkBlocks(
    of layout: qz_tiff_header, _ size: ImageSize
  ) throws(DecodeError) {
    let most =
      4 * (Double(size.pixelCount) + 0x1p20) * 8 * Double(layout.samples)
    guard layout.block_bytes > 0, Double(layout.block_bytes) <= most,
      layout.block_bytes <= UInt64(Int.max)
    else {
      throw .damaged(
        format: .tiff, reason: "strips or tiles of a size that cannot be")
    }
  }

  /// The least bytes in which the samples of a page can be: compressions squeeze no
  /// more than some thousand bytes into one, and a few of them more.
  static func leastBytes(of layout: qz_tiff_header) -> Double {
    let most =
      switch layout.compression {
      case 1: 1.0
      case 5, 8, 32_946, 32_773: 4_096.0
      default: 65_536.0
      }
    return Double(layout.width) * Double(layout.height)
      * Double(layout.samples) * Double(layout.bits) / 8 / most
  }

  /// Whether pixels are stored alike.
  static func areAlike(_ a: qz_tiff_header, _ b: qz_tiff_header) -> Bool {
    a.width == b.width && a.height == b.height && a.samples == b.samples
      && a.bits == b.bits && a.format == b.format
      && a.is_planar == b.is_planar && a.is_tiled == b.is_tiled
      && a.block_width == b.block_width && a.block_height == b.block_height
      && a.block_bytes == b.block_bytes
  }

  /// Damage, in the words of libtiff where it has some.
  static func damage(
    of handle: OpaquePointer, _ reason: String, keepsRows: Bool = false
  ) -> DecodeError {
    let heard = String(cString: qz_tiff_reader_message(handle))
    return .damaged(
      format: .tiff, reason: heard.isEmpty ? reason : heard,
      keepsRows: keepsRows)
  }

  /// Why no TIFF is read without libtiff.
  static var missingLibrary: DecodeError {
    .unsupported(
      what: "a TIFF without \(String(cString: qz_tiff_library()))",
      remedy: "install libtiff")
  }
}
