import ArgumentParser
import ImageFormats
import PaletteFiles
import QuantizeKit
import SystemPackage

/// What is read and written by a batch, and how it goes about it.
struct BatchOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The folder to write to; made where it is not there.",
      valueName: "folder"))
  var output: String

  @Flag(name: [.short, .long], help: "Read folders in folders as well.")
  var recursive = false

  @Option(
    help: ArgumentHelp(
      """
      Read the names of inputs from this file, each ended by NUL or a line \
      break; - is standard input.
      """, valueName: "file"))
  var filesFrom: String?

  @Option(
    help: ArgumentHelp(
      "\(OutputFormat.words). (default: png)", valueName: "format"),
    transform: OutputOptions.parseFormat)
  var format = OutputFormat.png

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Most images at once; they share the threads. (default: as many as \
      threads)
      """, valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      """
      Most memory, as in 500M or 4G: big images wait for room. (default: no \
      bound)
      """, valueName: "size"),
    transform: MemorySize.parse)
  var memory: Int?

  @Flag(
    help: """
      One palette for all images, fitted to the colours of all of them together.
      """)
  var sharedPalette = false

  @Option(
    help: ArgumentHelp(
      """
      Where the shared palette goes, in the format of its ending. (default: \
      palette.json in the output folder)
      """, valueName: "file"))
  var paletteOut: String?

  @Flag(
    help: """
      Make those outputs of earlier runs again whose input or options have \
      changed; what is finished is kept with or without it.
      """)
  var resume = false

  @Flag(
    help: """
      Keep running, and do files that appear in the folders, once they are \
      written, until Ctrl-C. Linux only.
      """)
  var watch = false

  @Flag(
    name: [.short, .long],
    help: "Make all outputs again, and replace files that exist.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Write the report of each image as a line of .jsonl or .csv.",
      valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      """
      auto (a bar on a terminal, else a line every few seconds), json (a line \
      of JSON on standard output for each event) or none. (default: auto)
      """, valueName: "kind"))
  var progress = BatchProgress.Kind.auto

  @Flag(name: [.short, .long], help: "No summary, progress or warnings.")
  var quiet = false

  /// Refuses what contradicts itself.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    for (option, value) in [
      ("--output", output), ("--files-from", filesFrom),
      ("--report", report), ("--palette-out", paletteOut),
    ]
    where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
    if let jobs, jobs < 1 {
      throw .usage("--jobs must be 1 or more, not \(jobs)")
    }
    guard !(force && resume) else {
      throw .usage(
        "--force, which makes all outputs again, contradicts --resume; give "
          + "one of them")
    }
    guard !(watch && sharedPalette) else {
      throw .usage(
        "--watch contradicts --shared-palette, which needs all images before it "
          + "begins; give one of them")
    }
    guard paletteOut == nil || sharedPalette else {
      throw .usage("--palette-out needs --shared-palette, one palette for all")
    }
    guard report != "-" || progress != .json else {
      throw .usage(
        "--report - and --progress json would both go to standard output; "
          + "name a file")
    }
  }

  /// What reports are written as.
  ///
  /// - Throws: `QuantizeError.usage` where the file's name does not say.
  func reportFormat() throws(QuantizeError) -> BatchReport.Format {
    guard let report, report != "-" else { return .jsonLines }
    guard
      let format = FilePath(argument: report).extension.flatMap(
        BatchReport.Format.init(pathExtension:))
    else {
      throw .usage(
        "--report does not say which format; let its name end in .jsonl or "
          + ".csv")
    }
    return format
  }

}
