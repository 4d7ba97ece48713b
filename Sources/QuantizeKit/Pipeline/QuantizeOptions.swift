public import ImageFormats
public import Quantization
public import Rasters
public import TruncatedEM

/// How to make an image file of another: how to read it, which colours it gets,
/// and how to write it.
///
/// What decides colours can be set here as well: `options.seed` is
/// `options.quantizer.seed`.
@dynamicMemberLookup
public struct QuantizeOptions: Sendable {
  /// Where the fit starts.
  public typealias Start = QuantizerOptions.Start

  /// Everything that decides the colours.
  public var quantizer: QuantizerOptions

  /// What the image may ask for.
  public var limits = DecodeLimits()

  /// The space in which the image is read, quantised and written.
  public var colorTarget = ColorTarget.sRGB

  /// Whether of a damaged file the rows before the damage are taken.
  public var keepsGoing = false

  /// What becomes of transparency.
  public var alpha = AlphaTreatment.keep

  /// How the result is written.
  public var encoding = ImageEncoding()

  /// Options for a start and C', with defaults for the rest.
  public init(start: Start, truncation: Truncation) {
    quantizer = QuantizerOptions(start: start, truncation: truncation)
  }

  /// One of the options that decide colours.
  public subscript<Value>(
    dynamicMember option: WritableKeyPath<QuantizerOptions, Value>
  ) -> Value {
    get { quantizer[keyPath: option] }
    set { quantizer[keyPath: option] = newValue }
  }

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

  /// k, the number of colours; where it is chosen the most there can be.
  public var components: Int { quantizer.components }
}
