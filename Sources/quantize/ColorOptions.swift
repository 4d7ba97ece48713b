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

  /// Refuses what would be measured in the wrong space.
  ///
  /// - Parameter targetDeltaE: The colour difference asked for, if any.
  /// - Returns: The space.
  /// - Throws: `QuantizeError.usage`.
  func target(targetDeltaE: Double?) throws(QuantizeError) -> ColorTarget {
    guard targetDeltaE == nil || outputProfile == .sRGB else {
      throw .usage(
        "--target-delta-e is measured in sRGB; leave --output-profile "
          + "\(outputProfile.rawValue) out, or use --target-psnr")
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
