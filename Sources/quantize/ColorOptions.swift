import ArgumentParser
import ImageFormats
import QuantizeKit

/// In which colour space the work is done.
struct ColorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The colour space to read, quantise and write in: srgb, p3 (Display P3), or \
      input, the file's own. Other profiles are converted.
      """, valueName: "space"),
    transform: parseSpace)
  var outputProfile = ColorTarget.sRGB

  /// The space; refuses what would be measured or read in another.
  ///
  /// - Parameter palette: What the colours are to be.
  /// - Returns: The space.
  /// - Throws: `QuantizeError.usage`.
  func target(for palette: PaletteOptions) throws(QuantizeError) -> ColorTarget
  {
    guard outputProfile != .sRGB else { return outputProfile }
    for (option, isGiven) in [
      ("--target-delta-e", palette.targetDeltaE != nil),
      ("--map", palette.map != nil), ("--palette", palette.paletteFile != nil),
      ("--pin", !palette.pins.isEmpty),
    ] where isGiven {
      throw .usage(
        "\(option) means sRGB; leave it or --output-profile "
          + "\(outputProfile.rawValue) out")
    }
    return outputProfile
  }

  private static func parseSpace(_ argument: String) throws -> ColorTarget {
    guard let space = ColorTarget(rawValue: argument.lowercased()) else {
      throw ValidationError(
        "there is no colour space “\(argument)”; srgb, p3 and input are")
    }
    return space
  }
}
