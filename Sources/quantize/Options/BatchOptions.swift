import ArgumentParser
import ImageFormats
import PaletteFiles
import QuantizeKit
import SystemPackage

/// What a batch reads and writes, and in which way.
struct BatchOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The folder to write to. It is made if it is missing.",
      valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(
    help: """
      Replace each image if it gets smaller. Formats are kept, and no copy of \
      the old image.
      """)
  var inPlace = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Write next to each image, with this instead of its file ending, such as \
      -small.png.
      """, valueName: "ending"))
  var ext: String?

  @Flag(name: [.short, .long], help: "Read subfolders as well.")
  var recursive = false

  @Option(
    help: ArgumentHelp(
      """
      Read file names from this list; - is standard input. They are separated \
      by line breaks or NUL.
      """, valueName: "file"),
    completion: .file())
  var filesFrom: String?

  @Option(
    help: ArgumentHelp(
      """
      Format of the images: \(Names.batchFormats.text). With same, each keeps \
      its format and name, and is copied if it would not get smaller. \
      (default: png; same with --in-place)
      """, valueName: "format"),
    completion: Names.batchFormats.completion,
    transform: Names.batchFormats.parse)
  var format: BatchFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Work on at most n images at once; they share the threads. (default: the \
      number of threads)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var jobs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Use at most this much memory, such as 500M or 4G. Large images wait \
      until there is room, and larger ones are read strip by strip. \
      (default: no limit)
      """, valueName: "size"),
    transform: NumberArgument.bytes)
  var memory: Int?

  @Flag(
    help: "Use one palette for all images. It is fitted to all their colours.")
  var sharedPalette = false

  @Option(
    help: ArgumentHelp(
      """
      Where to write the shared palette. The ending sets the format. (default: \
      palette.json in the output folder)
      """, valueName: "file"),
    completion: FileKinds.files(PaletteFormat.allCases.map(\.rawValue)))
  var paletteOut: String?

  @Flag(
    help: """
      Redo outputs whose input or options have changed. Finished outputs are \
      always kept.
      """)
  var resume = false

  @Flag(
    help: """
      Work on files as they appear in the folders. Ctrl-C stops. Linux only.
      """)
  var watch = false

  @Flag(help: "Show what would be done, and write nothing.")
  var dryRun = false

  @OptionGroup
  var replacing: ForceOption

  @Flag(
    name: [.short, .long],
    help: "Print a line for each output to standard error.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "Write one line per image to a .jsonl or .csv file.",
      valueName: "file"),
    completion: FileKinds.files(["csv", "jsonl"]))
  var report: String?

  @Option(
    help: ArgumentHelp(
      """
      How to show progress: auto (a bar on a terminal, else a line every few \
      seconds), json (one line of JSON per event on standard output) or none. \
      (default: auto)
      """, valueName: "kind"),
    completion: Names.progress.completion, transform: Names.progress.parse)
  var progress: BatchProgress.Kind?

  /// The options that are given and exclude or need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--shared-palette": sharedPalette, "--palette-out": paletteOut != nil,
      "--resume": resume, "--watch": watch, "--report -": report == "-",
      "--progress json": progress == .json, "--output": output != nil,
      "--ext": ext != nil, "--in-place": inPlace, "--dry-run": dryRun,
      "--format": format != nil && format != .same, "--verbose": verbose,
    ]) + replacing.given
  }

  /// The format of the images; `nil` for that of each input.
  ///
  /// - Throws: `QuantizeError.usage`.
  func imageFormat() throws(QuantizeError) -> OutputFormat? {
    if inPlace { return nil }
    guard let ext else { return (format ?? .one(.png)).format }
    guard format == .same else {
      return try OutputOptions.format(
        format?.format, output: "name" + ext)
    }
    guard !ext.contains(".") else {
      throw .usage(
        "--ext \(ext) names a format, and --format same keeps that of each "
          + "image; give an ending without a dot, such as -small")
    }
    return nil
  }

  /// Where the images go.
  ///
  /// - Throws: `QuantizeError.usage`.
  func destination() throws(QuantizeError) -> BatchDestination {
    if inPlace { return .inPlace }
    if let ext {
      try OutputOptions.checkEnding(ext)
      return .beside(ending: ext)
    }
    guard let output else {
      throw .usage(
        "no output is given; name a folder with -o, or use --in-place or --ext")
    }
    return .folder(FilePath(argument: output))
  }

  /// Refuses empty names and what is out of range.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    if output == nil, watch || resume {
      throw .usage(
        "\(watch ? "--watch" : "--resume") needs a folder for the outputs; "
          + "name one with -o")
    }
    for (option, value) in [("--output", output), ("--files-from", filesFrom)]
    where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
    if let jobs, jobs < 1 {
      throw .usage("--jobs must be 1 or more, not \(jobs)")
    }
  }

  /// Where the reports go, and as what.
  ///
  /// - Throws: `QuantizeError.usage`, also where the name does not say what, or
  ///   `.cannotCreate`.
  func reports() throws(QuantizeError) -> (
    location: FileLocation, format: BatchReport.Format
  )? {
    guard let location = try OutputArgument.file(report, of: "--report") else {
      return nil
    }
    guard location != .standardStream else { return (location, .jsonLines) }
    guard
      let format = location.pathExtension.flatMap(
        BatchReport.Format.init(pathExtension:))
    else {
      throw .usage(
        "--report: \(location.displayName): the ending names no format; use "
          + ".jsonl or .csv")
    }
    return (location, format)
  }
}
