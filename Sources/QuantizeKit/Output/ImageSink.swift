import ImageFormats
import ImageOutput
import Quantization
import Rasters

/// Takes the mapped strips of an image, from the first to the last, and writes
/// its file.
struct ImageSink: ~Copyable {
  /// The size of the file so far, in bytes.
  private(set) var bytes = 0

  /// For each entry of the file's palette the number of the image's entry; `nil`
  /// where they are the same.
  private(set) var order: [Int]?

  private let encoder: ImageEncoder
  private let output: FileLocation
  private var stream: PNGStream?

  /// Whether pixels are written as their red sample alone.
  private let isGrey: Bool

  /// Prepares to write an image.
  ///
  /// - Parameters:
  ///   - encoder: Encodes it.
  ///   - size: The size of the whole image.
  ///   - palette: Its palette.
  ///   - isWhole: Whether the image comes as one strip.
  ///   - output: The file, for messages.
  /// - Throws: `QuantizeError.encode`.
  init(
    _ encoder: ImageEncoder, _ size: ImageSize, _ palette: Palette,
    isWhole: Bool, for output: FileLocation
  ) throws(QuantizeError) {
    self.encoder = encoder
    self.output = output
    let isDeep = palette.depth == .sixteen && !encoder.needsAllPixels
    isGrey = isDeep && palette.isOpaqueGrey
    do {
      stream = isWhole && !isDeep ? nil : try encoder.begin(size, palette)
    } catch {
      throw .encode(output, error)
    }
  }

  /// Prepares to write an image of colours, which have no palette.
  ///
  /// - Parameters:
  ///   - encoder: Encodes it.
  ///   - size: The size of the whole image.
  ///   - channels: Whether it has alpha.
  ///   - isDeep: Whether samples have 16 bits.
  ///   - output: The file, for messages.
  /// - Throws: `QuantizeError.encode`.
  init(
    _ encoder: ImageEncoder, _ size: ImageSize, _ channels: Raster.Channels,
    isDeep: Bool, for output: FileLocation
  ) throws(QuantizeError) {
    self.encoder = encoder
    self.output = output
    isGrey = false
    do {
      stream =
        encoder.needsAllPixels
        ? nil : try encoder.begin(size, channels, isDeep: isDeep)
    } catch {
      throw .encode(output, error)
    }
  }

  /// Writes the next strip.
  ///
  /// - Parameters:
  ///   - strip: The strip.
  ///   - writer: Is given the next bytes of the file.
  /// - Throws: `QuantizeError.encode`, and what `writer` throws.
  mutating func write(
    _ strip: QuantizedImage.Mapped, to writer: OutputFile.Writer
  ) throws(QuantizeError) {
    var encoded: [UInt8]
    do {
      if stream == nil {
        (encoded, order) = try encoder.encode(strip)
      } else {
        try stream?.write(isGrey ? strip.greyBytes : strip.bytes)
        encoded = stream?.takeBytes() ?? []
      }
    } catch {
      throw .encode(output, error)
    }
    bytes += encoded.count
    try writer(encoded)
  }

  /// Writes all of a palette image whose pixels are mapped as they are compressed.
  ///
  /// - Parameters:
  ///   - indices: Maps pixels.
  ///   - writer: Is given the next bytes of the file.
  /// - Throws: `QuantizeError.encode`, and what `writer` throws.
  /// - Precondition: The image does not come as one strip.
  mutating func write(
    _ indices: IndexWriter, to writer: OutputFile.Writer
  ) throws(QuantizeError) {
    var failure: QuantizeError?
    var count = 0
    do {
      try stream?.write(indices) { encoded in
        do throws(QuantizeError) {
          try writer(encoded)
          count += encoded.count
          return true
        } catch {
          failure = error
          return false
        }
      }
      bytes += count
    } catch {
      throw .encode(output, error)
    }
    if let failure { throw failure }
  }

  /// Ends the file.
  ///
  /// - Parameter writer: Is given the last bytes of the file.
  /// - Throws: `QuantizeError.encode`, and what `writer` throws.
  mutating func finish(
    to writer: OutputFile.Writer
  ) throws(QuantizeError) {
    guard let stream = stream.take() else { return }
    let rest: [UInt8]
    do {
      rest = try stream.finish()
    } catch {
      throw .encode(output, error)
    }
    bytes += rest.count
    try writer(rest)
  }
}
