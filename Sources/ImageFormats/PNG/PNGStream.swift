import CImageShims
public import ParallelWork
public import Rasters

/// A PNG that is written strip by strip, so that its samples need never be in
/// memory together; its compressed bytes are.
public struct PNGStream: ~Copyable {
  /// Which samples a pixel has.
  public enum Kind: Sendable {
    /// One, of brightness.
    case grey

    /// Red, green, blue.
    case rgb

    /// Red, green, blue, and alpha that is not premultiplied.
    case rgba

    /// The samples of a pixel.
    public var channels: Int {
      switch self {
      case .grey: 1
      case .rgb: 3
      case .rgba: 4
      }
    }
  }

  /// Bits of a sample.
  public enum Depth: Int, Sendable {
    /// One byte.
    case eight = 8

    /// Two bytes, the higher first.
    case sixteen = 16
  }

  private let writer: PNGWriter
  private let stride: Int
  private let height: Int
  private var written: Int

  /// Packs and compresses the rows of a palette image.
  private var paletteRows: PaletteRows?

  /// Filters and compresses the rows of others.
  private var colorRows: ColorRows?

  /// Begins a palette image, as `PNGEncoder` writes it.
  ///
  /// - Parameters:
  ///   - size: Width and height.
  ///   - palette: Its entries, 1 to 256.
  ///   - alphas: The alphas of the first of them or of all.
  ///   - compressionLevel: How hard to compress, 0 to 9.
  ///   - marksSRGB: Whether the file says that it is sRGB.
  ///   - annotations: What stands beside the pixels.
  ///   - workers: The threads to use.
  /// - Throws: `EncodeError.invalidOption`, `.tooLarge`, `.outOfMemory` or
  ///   `.failed`.
  public init(
    size: ImageSize, palette: [RGBColor], alphas: [UInt8],
    compressionLevel: Int = 5, marksSRGB: Bool = true,
    annotations: Annotations = Annotations(),
    workers: Workers = Workers(threads: 1)
  ) throws(EncodeError) {
    let writer = try Self.writer(
      size, colorType: 3,
      bitDepth: PNGEncoder.bitDepth(paletteCount: palette.count),
      compressionLevel, marksSRGB)
    try writer.setPalette(palette, alphas: alphas)
    try writer.writeHeader(annotations)
    self.writer = writer
    stride = size.width
    height = size.height
    written = 0
    paletteRows = PaletteRows(
      width: size.width, paletteCount: palette.count, level: compressionLevel,
      workers: workers)
  }

  /// Begins an image.
  ///
  /// - Parameters:
  ///   - size: Width and height.
  ///   - kind: Which samples a pixel has.
  ///   - depth: The bits of a sample.
  ///   - compressionLevel: zlib's level, 0 to 9.
  ///   - marksSRGB: Whether the file says that it is sRGB; data that is no
  ///     colour should not.
  ///   - annotations: What stands beside the pixels.
  ///   - workers: The threads to use.
  /// - Throws: `EncodeError.invalidOption`, `.tooLarge`, `.outOfMemory` or
  ///   `.failed`.
  public init(
    size: ImageSize, kind: Kind, depth: Depth, compressionLevel: Int = 5,
    marksSRGB: Bool = true, annotations: Annotations = Annotations(),
    workers: Workers = Workers(threads: 1)
  ) throws(EncodeError) {
    let colorType: UInt8 =
      switch kind {
      case .grey: 0
      case .rgb: 2
      case .rgba: 6
      }
    let writer = try Self.writer(
      size, colorType: colorType, bitDepth: depth.rawValue, compressionLevel,
      marksSRGB)
    try writer.writeHeader(annotations)
    self.writer = writer
    let pixelBytes = kind.channels * depth.rawValue / 8
    stride = size.width * pixelBytes
    height = size.height
    written = 0
    colorRows = ColorRows(
      stride: stride, pixelBytes: pixelBytes, level: compressionLevel,
      workers: workers)
  }

  private static func writer(
    _ size: ImageSize, colorType: UInt8, bitDepth: Int, _ compressionLevel: Int,
    _ marksSRGB: Bool
  ) throws(EncodeError) -> PNGWriter {
    guard (0...9).contains(compressionLevel) else {
      throw .invalidOption(
        name: "the compression level", value: compressionLevel, allowed: 0...9)
    }
    try PNGEncoder.checkSize(size)
    var layout = qz_png_layout()
    layout.width = UInt32(size.width)
    layout.height = UInt32(size.height)
    layout.bit_depth = UInt8(bitDepth)
    layout.color_type = colorType
    layout.marks_srgb = marksSRGB ? 1 : 0
    return try PNGWriter(layout)
  }

  /// Takes what the file has so far and was not taken yet, so that not even the
  /// compressed bytes are in memory together.
  ///
  /// - Returns: The next bytes of the file.
  public mutating func takeBytes() -> [UInt8] { writer.take() }

  /// Writes the next rows.
  ///
  /// - Parameter rows: Whole rows, from the top, no more than are left.
  /// - Throws: `EncodeError.indexBeyondPalette`, `.outOfMemory` or `.failed`.
  public mutating func write(_ rows: [UInt8]) throws(EncodeError) {
    let count = rows.count / stride
    precondition(rows.count == count * stride && written + count <= height)
    let parts = try rows.withUnsafeBufferPointer {
      (rows) throws(EncodeError) -> [[UInt8]]? in
      if let parts = try colorRows?.append(rows) { return parts }
      return try paletteRows?.append(rows)
    }
    try writer.write(compressed: parts ?? [])
    written += count
  }

  /// Writes all rows of a palette image whose indices are made when they are
  /// needed: the bytes are those of all indices at once.
  ///
  /// - Parameters:
  ///   - indices: Writes indices, on any thread.
  ///   - body: Is given the next bytes of the file; `false` ends the work.
  /// - Throws: `EncodeError.indexBeyondPalette`, `.outOfMemory` or `.failed`.
  /// - Precondition: Nothing was written.
  /// - Complexity: O(pixels).
  public mutating func write(
    _ indices: IndexWriter, to body: (_ bytes: [UInt8]) -> Bool
  ) throws(EncodeError) {
    precondition(written == 0 && paletteRows != nil)
    var failure: EncodeError?
    try paletteRows?.compress(height: height, indices) { part in
      do throws(EncodeError) {
        try writer.write(compressed: [part])
        return body(writer.take())
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    paletteRows = nil
    written = height
  }

  /// Ends the file.
  ///
  /// - Precondition: All rows were written.
  /// - Returns: The bytes of the file, but for those that were taken.
  /// - Throws: `EncodeError.outOfMemory` or `.failed`.
  public consuming func finish() throws(EncodeError) -> [UInt8] {
    precondition(written == height)
    if var rows = paletteRows {
      try writer.write(compressed: try rows.finish())
    }
    if var rows = colorRows {
      try writer.write(compressed: try rows.finish())
    }
    return try writer.end()
  }
}
