import ArgumentParser
import QuantizeKit
import Rasters

/// What becomes of transparency.
struct AlphaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Show the image on this colour, #rrggbb, #rgb or a name of CSS, before \
      anything else; no transparency is left.
      """, valueName: "color"),
    transform: RGBColor.init(argument:))
  var background: RGBColor?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make alpha of at least n, 1 to 255, opaque and all other transparent.",
      valueName: "n"))
  var alphaThreshold: Int?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("--background", background != nil),
      ("--alpha-threshold", alphaThreshold != nil),
    ].filter(\.1).map(\.0)
  }

  /// What the options ask for.
  ///
  /// - Throws: `QuantizeError.usage`.
  func treatment() throws(QuantizeError) -> AlphaTreatment {
    if let background {
      guard alphaThreshold == nil else {
        throw .usage(
          "--background leaves no alpha for --alpha-threshold; give one of "
            + "them")
      }
      return .flatten(background)
    }
    guard let alphaThreshold else { return .keep }
    guard let least = UInt8(exactly: alphaThreshold), least > 0 else {
      throw .usage("--alpha-threshold must be 1 to 255, not \(alphaThreshold)")
    }
    return .threshold(least)
  }
}
