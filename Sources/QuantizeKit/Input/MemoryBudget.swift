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

  /// How much an image needs when all of its pixels are in memory.
  ///
  /// - Parameters:
  ///   - survey: Its header.
  ///   - fileBytes: The size of its file.
  ///   - options: How it is quantised.
  /// - Returns: Bytes, the process included.
  static func need(
    _ survey: ImageStream.Survey, fileBytes: Int, _ options: QuantizeOptions
  ) -> Int {
    let pixels = survey.size.pixelCount
    // Two bytes a pixel while colours are counted, its number, and the file.
    var bytesAPixel = 4
    if survey.sampleBytes > 3 * pixels {
      // Codes of 64 bits, sorted.
      bytesAPixel += 16
    }
    if options.quantizer.dither.method != .none { bytesAPixel += 8 }
    if options.encoding.format == .jpeg { bytesAPixel += 8 }
    if options.encoding.optimizes { bytesAPixel += 16 }
    if options.quantizer.importance.name != "none" { bytesAPixel += 16 }
    return process + fileBytes + survey.sampleBytes + bytesAPixel * pixels
  }
}
