package import ImageFormats
public import ImageOutput
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

  /// What writes results.
  ///
  /// - Parameter annotations: What the input holds next to its pixels.
  /// - Returns: An encoder.
  package func encoder(_ annotations: Annotations) -> ImageEncoder {
    ImageEncoder(
      encoding, annotations: annotations, effort: quantizer.effort,
      threads: threads)
  }
}
