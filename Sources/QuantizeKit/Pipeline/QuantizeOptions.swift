public import Quantization
public import TruncatedEM

/// How to make an image file from another: how to read it, which colours it gets,
/// and how to write it.
public struct QuantizeOptions: Sendable {
  /// Everything that decides the colours.
  public var quantizer: QuantizerOptions

  /// How the image is read.
  public var decoding = DecodeOptions()

  /// The names that colours have where they are written.
  public var names = ColorNames()

  /// How the result is written.
  public var encoding = ImageEncoding()

  /// The files that these options were read from, such as a palette. No output
  /// replaces one of them.
  public var files: [FileLocation] = []

  /// Options for a start and C', with defaults for the rest.
  public init(start: QuantizerOptions.Start, truncation: Truncation) {
    quantizer = QuantizerOptions(start: start, truncation: truncation)
  }

  /// The most threads to use, for everything; the output does not depend on it.
  public var threads: Int {
    get { quantizer.threads }
    set {
      quantizer.threads = newValue
      decoding.threads = newValue
    }
  }

  /// k, the number of colours; where it is chosen the most there can be.
  public var components: Int { quantizer.components }

  /// zlib's level for a PNG: what was asked for, or what belongs to the effort.
  ///
  /// Level 5 against 4 is a quarter of the encoder's time for 1 to 3 % of the
  /// file, 6 against 5 a third of it for 1 to 2 %.
  var pngCompressionLevel: Int {
    if let level = encoding.compressionLevel { return level }
    return switch quantizer.effort.level {
    case ...3: 4
    case ...6: 5
    case ...8: 6
    default: 9
    }
  }
}
