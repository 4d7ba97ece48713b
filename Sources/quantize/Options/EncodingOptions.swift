import ArgumentParser
import ImageFormats
import ImageOutput
import Quantization
import QuantizeKit

/// How the output file of a quantised image is written.
struct EncodingOptions: ParsableArguments {
  @OptionGroup
  var compression: CompressionOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Bits of a sample, 8 or 16. With 16 a PNG has the fitted means unrounded, \
      as RGB or grey and without a palette. (default: 8)
      """, valueName: "bits"),
    transform: NumberArgument.whole)
  var outputDepth: Int?

  @Flag(
    help: """
      Write nothing if the image would not be smaller than the input file; the \
      exit status is then 98.
      """)
  var skipIfLarger = false

  private var isDeep: Bool {
    outputDepth == PaletteDepth.sixteen.rawValue
  }

  /// The options that are given and exclude others.
  var given: [GivenOption] {
    compression.given + GivenOption.list(["--output-depth 16": isDeep])
  }

  /// The bits of a sample.
  ///
  /// - Throws: `QuantizeError.usage` for others than there are.
  func depth() throws(QuantizeError) -> PaletteDepth {
    guard let outputDepth else { return .eight }
    guard let depth = PaletteDepth(rawValue: outputDepth) else {
      throw .usage("--output-depth must be 8 or 16, not \(outputDepth)")
    }
    return depth
  }

  /// What the options ask for.
  ///
  /// - Parameter format: The output's; `nil` where there may be several.
  /// - Returns: How to write it.
  /// - Throws: `QuantizeError.usage` for what is out of range or is for another
  ///   format.
  func encoding(
    _ format: OutputFormat?
  ) throws(QuantizeError) -> ImageEncoding {
    if isDeep {
      try CompressionOptions.check("--output-depth 16", isFor: .png, format)
    }
    return try compression.encoding(format)
  }
}
