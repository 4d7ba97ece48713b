import ArgumentParser
import QuantizeKit
import Rasters

/// What becomes of transparency.
struct AlphaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Show the image on this colour, #rrggbb, #rgb, black or white, before \
      anything else; no transparency is left.
      """, valueName: "color"),
    transform: parseColor)
  var background: RGBColor?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make alpha of at least n, 1 to 255, opaque and all other transparent.",
      valueName: "n"))
  var alphaThreshold: Int?

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

  /// Reads a colour as CSS writes it.
  private static func parseColor(_ argument: String) throws -> RGBColor {
    switch argument {
    case "black": return RGBColor(packed: 0)
    case "white": return RGBColor(packed: 0xffffff)
    default: break
    }
    var digits = argument.hasPrefix("#") ? argument.dropFirst() : argument[...]
    let long = digits.flatMap { [$0, $0] }
    if digits.count == 3 { digits = Substring(String(long)) }
    guard digits.count == 6, digits.allSatisfy(\.isHexDigit),
      let packed = UInt32(digits, radix: 16)
    else {
      throw ValidationError("give a colour as #rrggbb, #rgb, black or white")
    }
    return RGBColor(packed: packed)
  }
}
