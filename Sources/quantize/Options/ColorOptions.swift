import ArgumentParser
import ImageFormats
import QuantizeKit

/// In which colour space the work is done.
struct ColorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Read, quantise and write in this space: srgb, p3 (Display P3) or input \
      (the file's own). Other profiles are converted. (default: srgb)
      """, valueName: "space"),
    completion: Names.profiles.completion, transform: Names.profiles.parse)
  var outputProfile: ColorTarget?

  /// The space.
  var target: ColorTarget { outputProfile ?? .sRGB }

  /// The option, where it asks for another space than the default.
  var given: [GivenOption] {
    target == .sRGB
      ? []
      : [
        GivenOption(
          "--output-profile", shown: "--output-profile \(target.rawValue)")
      ]
  }
}
