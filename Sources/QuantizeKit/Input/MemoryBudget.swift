import ImageFormats
import Quantization
import Rasters

/// The memory that an image may take, and how much it needs.
struct MemoryBudget: Sendable {
  /// The most memory, in bytes.
  let bytes: Int

  /// Whether the user gave it. A budget that nobody gave is exceeded, with a
  /// warning, where an image cannot be read strip by strip.
  let isGiven: Bool

  /// A budget.
  ///
  /// - Parameter given: The most memory that the user allows, in bytes; `nil`
  ///   leaves it to `MemoryAllowance`.
  init(_ given: Int?) {
    bytes = given ?? MemoryAllowance.standard
    isGiven = given != nil
  }

  /// Bytes that the process takes next to the pixels, whatever the image.
  static let process = 64 << 20

  /// The most bytes that an image read strip by strip takes, with the process:
  /// strips, and 16 bytes for each of some four million colours.
  static let streamed = 2 * process

  /// Bytes a pixel, next to its samples and the file, of each part of a job:
  /// for opaque images of 8 bits a sample, and for those with alpha or 16 bits,
  /// whose colours are codes of 64 bits. Measured on noise, which has as many
  /// distinct colours as there can be; photos need less.
  private enum Part {
    static let fit = (narrow: 5, wide: 27)
    static let manyColors = (narrow: 3, wide: 4)
    static let dithering = (narrow: 11, wide: 20)
    static let importance = (narrow: 6, wide: 26)
    static let jpeg = (narrow: 6, wide: 8)
    static let optimizing = (narrow: 4, wide: 4)
    static let deepOutput = (narrow: 18, wide: 24)
    static let posterior = (narrow: 20, wide: 70)
  }

  /// How much an image needs when all of its pixels are in memory.
  ///
  /// - Parameters:
  ///   - survey: Its header.
  ///   - fileBytes: The size of its file.
  ///   - options: How it is quantised.
  ///   - isSoft: Whether the posterior is written too.
  /// - Returns: Bytes, the process included.
  static func need(
    _ survey: ImageStream.Survey, fileBytes: Int, _ options: QuantizeOptions,
    isSoft: Bool
  ) -> Int {
    let pixels = survey.size.pixelCount
    let quantizer = options.quantizer
    let parts: [((narrow: Int, wide: Int), Bool)] = [
      (Part.fit, true),
      (Part.manyColors, quantizer.components > PaletteSize.mostIndexed),
      (Part.dithering, quantizer.dither.method != .none),
      (Part.importance, quantizer.importance.name != Importance.none.name),
      (Part.jpeg, options.encoding.format == .jpeg),
      (Part.optimizing, options.encoding.optimizes),
      (Part.deepOutput, quantizer.depth == .sixteen),
      (Part.posterior, isSoft),
    ]
    let isWide = survey.sampleBytes > 3 * pixels
    let bytesAPixel = parts.reduce(0) { sum, part in
      sum + (part.1 ? (isWide ? part.0.wide : part.0.narrow) : 0)
    }
    return process + fileBytes + survey.sampleBytes + bytesAPixel * pixels
  }
}
