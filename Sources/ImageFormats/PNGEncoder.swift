import CImageShims
public import Rasters

/// Writes PNG files, marked as sRGB.
///
/// The same image and options give the same bytes with the same versions of
/// libpng and zlib; no time or name of a program is written.
public struct PNGEncoder: Sendable {
  /// How hard to compress: zlib's level, 0 (not at all) to 9 (slowest).
  public var compressionLevel: Int

  /// Creates an encoder.
  ///
  /// - Parameter compressionLevel: 0 to 9, checked by `encode`.
  public init(compressionLevel: Int = 5) {
    self.compressionLevel = compressionLevel
  }

  /// Writes a palette image in 1, 2, 4 or 8 bits a pixel, the fewest that can
  /// number its palette. All of the palette is written, in its order, and its
  /// alphas up to the last that is not opaque.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.indexBeyondPalette`,
  ///   `.tooLarge` for a side over 2,147,483,647 pixels, `.outOfMemory`,
  ///   `.failed`.
  /// - Complexity: O(pixels).
  public func encode(_ image: IndexedImage) throws(EncodeError) -> [UInt8] {
    let greatest = Self.maximum(image.indices)
    guard greatest < image.palette.count else {
      throw .indexBeyondPalette(
        index: greatest, paletteCount: image.palette.count)
    }
    let depth: UInt8 =
      switch image.palette.count {
      case ...2: 1
      case ...4: 2
      case ...16: 4
      default: 8
      }
    let palette = image.palette.flatMap { [$0.red, $0.green, $0.blue] }
    let alphas = image.alphas.prefix(
      (image.alphas.lastIndex { $0 < 255 } ?? -1) + 1)
    return try palette.withUnsafeBufferPointer {
      (palette) throws(EncodeError) -> [UInt8] in
      try alphas.withUnsafeBufferPointer {
        (alphas) throws(EncodeError) -> [UInt8] in
        var layout = qz_png_layout()
        layout.bit_depth = depth
        layout.color_type = 3
        layout.palette = palette.baseAddress
        layout.palette_count = UInt16(image.palette.count)
        layout.alphas = alphas.baseAddress
        layout.alpha_count = UInt16(alphas.count)
        return try write(image.indices, image.size, samples: 1, &layout)
      }
    }
  }

  /// Writes an image of 8 bits a sample, RGB or RGBA as it is.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.tooLarge` for a side over
  ///   2,147,483,647 pixels, `.outOfMemory`, `.failed`.
  /// - Complexity: O(pixels).
  public func encode(_ raster: Raster) throws(EncodeError) -> [UInt8] {
    var layout = qz_png_layout()
    layout.bit_depth = 8
    layout.color_type = raster.channels == .rgb ? 2 : 6
    return try write(
      raster.samples, raster.size, samples: raster.channels.count, &layout)
  }

  private static let maximumSide = Int(Int32.max)

  private func write(
    _ pixels: [UInt8], _ size: ImageSize, samples: Int,
    _ layout: inout qz_png_layout
  ) throws(EncodeError) -> [UInt8] {
    guard (0...9).contains(compressionLevel) else {
      throw .invalidOption(
        name: "the compression level", value: compressionLevel, allowed: 0...9)
    }
    guard max(size.width, size.height) <= Self.maximumSide else {
      throw .tooLarge(
        format: .png, width: size.width, height: size.height,
        maximumSide: Self.maximumSide)
    }
    layout.width = UInt32(size.width)
    layout.height = UInt32(size.height)
    layout.compression_level = UInt8(compressionLevel)

    guard let writer = qz_png_writer_create() else { throw .outOfMemory }
    defer { qz_png_writer_destroy(writer) }
    var status = qz_png_writer_write_header(writer, &layout)
    if status == QZ_OK {
      status = pixels.withUnsafeBufferPointer {
        qz_png_writer_write_rows(
          writer, $0.baseAddress, size.width * samples, UInt32(size.height))
      }
    }
    if status == QZ_OK { status = qz_png_writer_finish(writer) }
    guard status == QZ_OK else {
      throw EncodeError(
        status, String(cString: qz_png_writer_message(writer)), format: .png)
    }
    var count = 0
    let bytes = qz_png_writer_bytes(writer, &count)
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// The greatest of some bytes, 0 when there are none.
  private static func maximum(_ bytes: [UInt8]) -> Int {
    var greatest: UInt8 = 0
    for byte in bytes { greatest = max(greatest, byte) }
    return Int(greatest)
  }
}
