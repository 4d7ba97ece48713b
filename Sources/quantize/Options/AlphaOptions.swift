import ArgumentParser
import QuantizeKit
import Rasters

/// What becomes of transparency.
struct AlphaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Flatten the image onto this colour: #rrggbb, #rgb or a CSS name. The \
      result is opaque.
      """, valueName: "color"),
    transform: RGBColor.init(argument:))
  var background: RGBColor?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Make pixels with alpha n or more, 1 to 255, opaque and all others fully \
      transparent.
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var alphaThreshold: Int?

  /// The options that are given.
  var given: [GivenOption] {
    GivenOption.list([
      "--background": background != nil,
      "--alpha-threshold": alphaThreshold != nil,
    ])
  }

  /// What the options ask for.
  ///
  /// - Throws: `QuantizeError.usage`.
  func treatment() throws(QuantizeError) -> AlphaTreatment {
    if let background { return .flatten(background) }
    guard let alphaThreshold else { return .keep }
    guard let least = UInt8(exactly: alphaThreshold), least > 0 else {
      throw .usage("--alpha-threshold must be 1 to 255, not \(alphaThreshold)")
    }
    return .threshold(least)
  }
}
