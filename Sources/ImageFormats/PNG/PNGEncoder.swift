import CImageShims
public import ParallelWork
public import Rasters

/// Writes PNG files.
///
/// The same image and options give the same bytes with the same versions of
/// libpng and libdeflate, on any number of threads; no time or name of a
/// program is written.
public struct PNGEncoder: Sendable {
  /// How hard to compress: 0 (not at all) to 9 (slowest), by the scale of zlib.
  public var compressionLevel: Int

  /// Whether a file without a profile says that it is sRGB. Programs take it as
  /// that anyway, but some only when it says so.
  public var marksSRGB = true

  /// The threads to use.
  public var workers = Workers(threads: 1)

  /// Creates an encoder.
  ///
  /// - Parameter compressionLevel: 0 to 9, checked by `encode`.
  public init(compressionLevel: Int = 5) {
    self.compressionLevel = compressionLevel
  }

  /// Writes a palette image in 1, 2, 4 or 8 bits a pixel, the fewest that can
  /// number its palette. All of the palette is written, in its order, and of
  /// its alphas those up to the last that is not opaque.
  ///
  /// - Parameters:
  ///   - image: The image.
  ///   - annotations: What the file says beside the pixels. A density that
  ///     PNG cannot say (0, or 2³¹ and more) is left out.
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.indexBeyondPalette`,
  ///   `.tooLarge` for a side over 2,147,483,647 pixels, `.outOfMemory`,
  ///   `.failed`, also for a profile that is broken or not one of RGB.
  /// - Complexity: O(pixels).
  public func encode(
    _ image: IndexedImage, annotations: Annotations = Annotations()
  ) throws(EncodeError) -> [UInt8] {
    try Self.checkIndices(image)
    var layout = qz_png_layout()
    layout.color_type = 3
    layout.bit_depth = UInt8(Self.bitDepth(paletteCount: image.palette.count))
    let writer = try writer(layout, image.size)
    try writer.setPalette(image.palette, alphas: image.alphas)
    try writer.writeHeader(annotations)
    var rows = PaletteRows(
      width: image.size.width, paletteCount: image.palette.count,
      level: compressionLevel, workers: workers)
    var failure: EncodeError?
    try image.indices.withUnsafeBufferPointer { (all) throws(EncodeError) in
      let all = SharedSource(all)
      try rows.compress(height: image.size.height) { pixels, room in
        _ = room.update(fromContentsOf: all.buffer[pixels])
      } to: { part in
        do throws(EncodeError) {
          try writer.write(compressed: [part])
          return true
        } catch {
          failure = error
          return false
        }
      }
    }
    if let failure { throw failure }
    return try writer.end()
  }

  /// Writes an image of 8 bits a sample, RGB or RGBA as it is.
  ///
  /// - Parameters:
  ///   - raster: The image.
  ///   - annotations: What the file says beside the pixels. A density that
  ///     PNG cannot say (0, or 2³¹ and more) is left out.
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.tooLarge` for a side over
  ///   2,147,483,647 pixels, `.outOfMemory`, `.failed`, also for a profile
  ///   that is broken or not one of RGB.
  /// - Complexity: O(pixels).
  public func encode(
    _ raster: Raster, annotations: Annotations = Annotations()
  ) throws(EncodeError) -> [UInt8] {
    var layout = qz_png_layout()
    layout.bit_depth = 8
    layout.color_type = raster.channels == .rgb ? 2 : 6
    return try encode(
      raster.samples, pixelBytes: raster.channels.count,
      try writer(layout, raster.size), raster.size, annotations)
  }

  /// Writes an image of 16 bits a sample, RGB or RGBA as it is.
  ///
  /// - Parameters: As of an image of 8 bits a sample.
  /// - Returns: The bytes of the file.
  /// - Throws: As there.
  /// - Complexity: O(pixels).
  public func encode(
    _ raster: DeepRaster, annotations: Annotations = Annotations()
  ) throws(EncodeError) -> [UInt8] {
    var layout = qz_png_layout()
    layout.bit_depth = 16
    layout.color_type = raster.channels == .rgb ? 2 : 6
    return try encode(
      raster.fileBytes(), pixelBytes: 2 * raster.channels.count,
      try writer(layout, raster.size), raster.size, annotations)
  }

  /// Writes an image without a palette.
  private func encode(
    _ bytes: [UInt8], pixelBytes: Int, _ writer: consuming PNGWriter,
    _ size: ImageSize, _ annotations: Annotations
  ) throws(EncodeError) -> [UInt8] {
    try writer.writeHeader(annotations)
    var rows = ColorRows(
      stride: size.width * pixelBytes, pixelBytes: pixelBytes,
      level: compressionLevel, workers: workers)
    let parts = try bytes.withUnsafeBufferPointer {
      (bytes) throws(EncodeError) in try rows.append(bytes)
    }
    try writer.write(compressed: parts)
    try writer.write(compressed: try rows.finish())
    return try writer.end()
  }

  private func writer(
    _ layout: qz_png_layout, _ size: ImageSize
  ) throws(EncodeError) -> PNGWriter {
    guard (0...9).contains(compressionLevel) else {
      throw .invalidOption(
        name: "the compression level", value: compressionLevel, allowed: 0...9)
    }
    try Self.checkSize(size)
    var layout = layout
    layout.width = UInt32(size.width)
    layout.height = UInt32(size.height)
    layout.marks_srgb = marksSRGB ? 1 : 0
    return try PNGWriter(layout)
  }

}

extension PNGEncoder {
  /// Refuses an index that no entry of the palette has.
  static func checkIndices(_ image: IndexedImage) throws(EncodeError) {
    var greatest: UInt8 = 0
    for index in image.indices { greatest = max(greatest, index) }
    guard greatest < image.palette.count else {
      throw .indexBeyondPalette(
        index: Int(greatest), paletteCount: image.palette.count)
    }
  }

  /// Refuses sides beyond what the format can say.
  static func checkSize(_ size: ImageSize) throws(EncodeError) {
    let most = Int(Int32.max)
    guard max(size.width, size.height) <= most else {
      throw .tooLarge(
        format: .png, width: size.width, height: size.height,
        maximumSide: most)
    }
  }

  /// The fewest bits that number a palette.
  static func bitDepth(paletteCount: Int) -> Int {
    switch paletteCount {
    case ...2: 1
    case ...4: 2
    case ...16: 4
    default: 8
    }
  }
}
