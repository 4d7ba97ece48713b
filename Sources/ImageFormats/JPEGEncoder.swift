import CImageShims
public import Rasters

/// Writes baseline JPEG files: YCbCr in a JFIF frame, which means sRGB.
///
/// The same image and quality give the same bytes with the same version of
/// libjpeg.
public struct JPEGEncoder: Sendable {
  /// libjpeg's quality, 1 to 100. From 90 on, colour keeps the full resolution
  /// (4:4:4); below, half of it in both directions (4:2:0).
  public var quality: Int

  /// Creates an encoder.
  ///
  /// - Parameter quality: 1 to 100, checked by `encode`.
  public init(quality: Int = 90) {
    self.quality = quality
  }

  /// Writes an RGB image.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.alphaNotSupported` for an
  ///   RGBA raster, `.tooLarge` for a side over 65,500 pixels (where libjpeg
  ///   ends, just below the 65,535 of the format), `.outOfMemory`, `.failed`.
  /// - Complexity: O(pixels) time; memory for some 6 bytes a pixel beside the
  ///   raster, since the Huffman tables are fitted to the image.
  public func encode(_ raster: Raster) throws(EncodeError) -> [UInt8] {
    let size = raster.size
    guard (1...100).contains(quality) else {
      throw .invalidOption(
        name: "the JPEG quality", value: quality, allowed: 1...100)
    }
    guard raster.channels == .rgb else { throw .alphaNotSupported(.jpeg) }
    guard max(size.width, size.height) <= Self.maximumSide else {
      throw .tooLarge(
        format: .jpeg, width: size.width, height: size.height,
        maximumSide: Self.maximumSide)
    }
    var layout = qz_jpeg_layout()
    layout.width = UInt32(size.width)
    layout.height = UInt32(size.height)
    layout.quality = UInt8(quality)
    layout.full_chroma = quality >= 90 ? 1 : 0
    layout.optimize = 1

    guard let writer = qz_jpeg_writer_create() else { throw .outOfMemory }
    defer { qz_jpeg_writer_destroy(writer) }
    var status = qz_jpeg_writer_write_header(writer, &layout)
    if status == QZ_OK {
      status = raster.samples.withUnsafeBufferPointer {
        qz_jpeg_writer_write_rows(
          writer, $0.baseAddress, size.width * 3, layout.height)
      }
    }
    if status == QZ_OK { status = qz_jpeg_writer_finish(writer) }
    guard status == QZ_OK else {
      throw EncodeError(
        status, String(cString: qz_jpeg_writer_message(writer)), format: .jpeg)
    }
    var count = 0
    let bytes = qz_jpeg_writer_bytes(writer, &count)
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private static let maximumSide = 65_500
}
