import ArgumentParser
import PaletteFiles
import QuantizeKit

/// What is written about a job, and where.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a report as JSON; - is standard output.", valueName: "file"),
    completion: FileKinds.files(["json"]))
  var report: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the palette. The ending sets the format: \(PaletteFormat.endings); \
      without one, and for - (standard output), it is JSON.
      """, valueName: "file"),
    completion: FileKinds.files(PaletteFormat.allCases.map(\.rawValue)))
  var paletteOut: String?

  @Option(
    help: ArgumentHelp(
      """
      Write a table of the palette as CSV: the index, name and number of pixels \
      of each colour.
      """, valueName: "file"),
    completion: FileKinds.files(["csv"]))
  var paletteReport: String?

  @OptionGroup
  var details: VerboseOption

  /// Where the report goes.
  ///
  /// - Throws: `QuantizeError.usage` or `.cannotCreate`.
  func reportLocation() throws(QuantizeError) -> FileLocation? {
    try OutputArgument.file(
      report, of: "--report", writing: "JSON", endings: ["json"])
  }
}
