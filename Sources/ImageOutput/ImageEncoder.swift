public import ImageFormats
import ParallelWork
public import Quantization
public import Rasters
public import TruncatedEM

/// Writes images as the options say: the one place that turns mapped pixels into
/// the bytes of a file.
public struct ImageEncoder: Sendable {
  private let encoding: ImageEncoding

  /// The level of a PNG's compression, 0 to 9.
  private let compressionLevel: Int

  /// What the file holds next to the pixels.
  private let annotations: Annotations

  /// The most threads to use; the bytes do not depend on it.
  private let threads: Int

  /// An encoder.
  ///
  /// - Parameters:
  ///   - encoding: How to write.
  ///   - annotations: What the input holds next to its pixels.
  ///   - effort: Decides how well a PNG is compressed where `encoding` does not.
  ///   - threads: The most threads to use, at least 1; the bytes do not depend
  ///     on it.
  public init(
    _ encoding: ImageEncoding, annotations: Annotations = Annotations(),
    effort: Effort = .standard, threads: Int = 1
  ) {
    self.encoding = encoding
    compressionLevel = encoding.compressionLevel(for: effort)
    self.threads = threads
    self.annotations = encoding.metadata.kept(annotations)
  }

  private var marksSRGB: Bool { encoding.metadata != .nothing }

  /// Whether all pixels are needed at once.
  public var needsAllPixels: Bool {
    encoding.format != .png || encoding.optimizes
  }

  /// Encodes an image.
  ///
  /// - Parameter image: The mapped pixels.
  /// - Returns: The file, and for each entry of its palette the number of the
  ///   image's entry; `nil` where they are the same.
  /// - Throws: `EncodeError`.
  /// - Complexity: O(pixels).
  public func encode(
    _ image: QuantizedImage.Mapped
  ) throws(EncodeError) -> (bytes: [UInt8], order: [Int]?) {
    switch encoding.format {
    case .jpeg:
      var jpeg = JPEGEncoder(
        quality: encoding.jpegQuality, subsampling: encoding.chromaSubsampling)
      jpeg.optimizes = encoding.optimizes
      return (
        try jpeg.encode(image.raster(), annotations: annotations), nil
      )
    case .png where encoding.optimizes:
      var optimizer = PNGOptimizer(workers: Workers(threads: threads))
      optimizer.marksSRGB = marksSRGB
      switch image {
      case .indexed(let indexed):
        let result = try optimizer.encode(indexed, annotations: annotations)
        return (result.bytes, result.order)
      case .colors(let raster):
        return (try optimizer.encode(raster, annotations: annotations), nil)
      case .deep(let raster):
        return (
          try optimizer.encode(raster.rounded(), annotations: annotations), nil
        )
      }
    case .png:
      var encoder = PNGEncoder(compressionLevel: compressionLevel)
      encoder.marksSRGB = marksSRGB
      encoder.workers = Workers(threads: threads)
      switch image {
      case .indexed(let indexed):
        return (try encoder.encode(indexed, annotations: annotations), nil)
      case .colors(let raster):
        return (try encoder.encode(raster, annotations: annotations), nil)
      case .deep(let raster):
        return (try encoder.encode(raster, annotations: annotations), nil)
      }
    }
  }

  /// Begins a PNG that is written strip by strip.
  ///
  /// - Parameters:
  ///   - size: The size of the whole image.
  ///   - palette: Its palette.
  /// - Returns: What strips are written to: the bytes are those of
  ///   ``encode(_:)`` for the whole image. With a palette of 16 bits it is
  ///   written as such, one sample a pixel where all colours are grey.
  /// - Throws: `EncodeError`.
  public func begin(
    _ size: ImageSize, _ palette: Palette
  ) throws(EncodeError) -> PNGStream {
    precondition(!needsAllPixels)
    if palette.depth == .sixteen {
      return try begin(
        size,
        palette.isOpaqueGrey ? .grey : palette.alphas.isEmpty ? .rgb : .rgba,
        .sixteen)
    }
    guard palette.entries.count > PaletteSize.mostIndexed else {
      return try PNGStream(
        size: size, palette: palette.colors, alphas: palette.alphas,
        compressionLevel: compressionLevel, marksSRGB: marksSRGB,
        annotations: annotations, workers: Workers(threads: threads))
    }
    return try begin(size, palette.alphas.isEmpty ? .rgb : .rgba, .eight)
  }

  /// Begins a PNG of colours that is written strip by strip.
  ///
  /// - Parameters:
  ///   - size: The size of the whole image.
  ///   - channels: Whether it has alpha.
  ///   - isDeep: Whether samples have 16 bits.
  /// - Returns: What strips are written to.
  /// - Throws: `EncodeError`.
  public func begin(
    _ size: ImageSize, _ channels: Raster.Channels, isDeep: Bool
  ) throws(EncodeError) -> PNGStream {
    precondition(!needsAllPixels)
    return try begin(
      size, channels == .rgb ? .rgb : .rgba, isDeep ? .sixteen : .eight)
  }

  private func begin(
    _ size: ImageSize, _ kind: PNGStream.Kind, _ depth: PNGStream.Depth
  ) throws(EncodeError) -> PNGStream {
    try PNGStream(
      size: size, kind: kind, depth: depth,
      compressionLevel: compressionLevel, marksSRGB: marksSRGB,
      annotations: annotations, workers: Workers(threads: threads))
  }
}
