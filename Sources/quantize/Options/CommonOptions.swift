import ArgumentParser
import ImageFormats
import QuantizeKit

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The options that all commands have.
struct CommonOptions: ParsableArguments {
  @Flag(
    name: [.short, .long], help: "Print no summary, progress or warnings.")
  var quiet = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Use at most n threads. The output does not depend on it. (default: one \
      per core)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Refuse images with more pixels; 500M and 2.5G are understood. (default: \
      2G)
      """, valueName: "n"),
    transform: NumberArgument.pixels)
  var maxPixels: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Refuse files with a colour profile, text or other chunk of more bytes. \
      (default: 16M)
      """, valueName: "n"),
    transform: NumberArgument.count)
  var maxMetadata: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Refuse inputs of more bytes, such as 500M. (default: 1G from pipes and \
      devices, 64M for lists, palettes and --init, no limit for image files)
      """, valueName: "size"),
    transform: NumberArgument.bytes)
  var maxInput: Int?

  // The three below are answered before anything else is parsed: HelpCall.
  @Flag(name: .customShort("h"), help: "Show the most used options.")
  var shortHelp = false

  @Flag(name: .customLong("help"), help: "Show all options and examples.")
  var longHelp = false

  @Flag(
    name: [.customShort("V"), .customLong("version")],
    help: "Show the version.")
  var version = false

  /// The options that are given and exclude others.
  var given: [GivenOption] { GivenOption.list(["--quiet": quiet]) }

  /// What files may ask for at most.
  var limits: DecodeLimits {
    let standard = DecodeLimits()
    return DecodeLimits(
      pixels: maxPixels ?? standard.pixels,
      metadataBytes: maxMetadata ?? standard.metadataBytes,
      inputBytes: maxInput)
  }

  /// Tells of what was skipped in files that options name.
  var events: JobEvent.Observer {
    Progress(quiet: quiet, verbose: false).events
  }

  /// The threads to use.
  var threadCount: Int {
    threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Refuses what is out of range.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    if let threads, threads < 1 {
      throw .usage("--threads must be 1 or more, not \(threads)")
    }
  }
}
