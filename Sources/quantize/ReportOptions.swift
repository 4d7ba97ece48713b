import ArgumentParser
import PaletteFiles
import QuantizeKit

/// What is told about a job, and where.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a report as JSON; - is standard output.", valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the palette, in the format of its ending: \(PaletteFormat.endings); \
      JSON for others and -, which is standard output.
      """, valueName: "file"))
  var paletteOut: String?

  @Flag(name: [.short, .long], help: "No summary, progress or warnings.")
  var quiet = false

  @Flag(
    name: [.short, .long],
    help: "Every iteration or k tried, and the time of each stage, on stderr.")
  var verbose = false

  /// Refuses what contradicts itself.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    guard !(quiet && verbose) else {
      throw .usage(
        "--quiet and --verbose contradict each other; give one of them")
    }
    for (option, value) in [
      ("--report", report), ("--palette-out", paletteOut),
    ]
    where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
  }
}
