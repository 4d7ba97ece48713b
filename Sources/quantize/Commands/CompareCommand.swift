import ArgumentParser
import CompareReport
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import SystemPackage
import TruncatedEM

/// The command that compares settings on an image, or finished images.
struct CompareCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare settings on one image, or finished images.",
    usage: """
      quantize compare <image> [-k <list>] [--cprime <list>] [-o <folder>]
      quantize compare <original> <image> ... [-o <folder>]
      """,
    discussion: """
      One image is quantised with every combination of the lists. Two or more \
      images are compared as they are; the first, or --reference, is the \
      original.

      Examples:
        quantize compare photo.jpg -k 16 --cprime 1,2,3,4,8,16
            a table of F, PSNR and more for each C'
        quantize compare photo.jpg -k 16 --cprime 1,2,4 -o report/
            also writes report/index.html with pictures, plots and palettes
        quantize compare photo.jpg -k 8,16,32 --space srgb,oklab
            every combination of the lists
        quantize compare photo.jpg -k 16 --dither none,floyd-steinberg
            with and without dithering
        quantize compare photo.jpg -k 8,16 --perceptual
            aims for visual quality, as in the main command
        quantize compare photo.jpg --cprime 1,2,4,8 --warm
            starts each C' from the means of the previous one
        quantize compare photo.jpg ours.png theirs.png -o report/
            images made by any program; the first is the original
        quantize compare --reference photo.jpg *.png --json
            names the original separately, and writes JSON

      To quantise an image whose file is called compare, write: quantize \
      ./compare.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--colors", "--cprime", "--space", "--dither", "--seed", "--warm",
    "--perceptual", "--reference", "--output", "--force", "--json", "--effort",
    "--quiet",
    "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      """
      One image to quantise, or several to compare, \(FileKinds.images); - is \
      standard input.
      """, valueName: "images"),
    completion: FileKinds.image)
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compare finished images with this original.", valueName: "file"),
    completion: FileKinds.image)
  var reference: String?

  @OptionGroup(title: "Combinations")
  var lists: GridOptions

  @OptionGroup(title: "Colours")
  var pins: PinArguments

  @OptionGroup(title: "Fit")
  var search: SearchArguments

  @OptionGroup(title: "Look")
  var appearance: AppearanceArguments

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The folder to write. It gets index.html, report.json, report.csv and \
      contact-sheet.png.
      """, valueName: "folder"),
    completion: .directory)
  var output: String?

  @OptionGroup
  var replacing: ForceOption

  @Flag(help: "Write JSON to standard output instead of a table.")
  var json = false

  @OptionGroup(title: "Input")
  var page: PageOption

  @OptionGroup(title: "Input")
  var damaged: KeepGoingOption

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// Compares, prints and writes.
  func execute() throws(QuantizeError) {
    try OptionRules.check(
      lists.given + search.excluding + look + alpha.given + given
        + common.given,
      needing: ["--force", "--dither-strength"])
    try checkNames()
    let progress = Progress(quiet: common.quiet, verbose: false)
    progress.begin()
    let comparison: Comparison
    let folder: OutputFolder?
    do {
      if reference != nil || files.count > 1 {
        let job = try imageJob()
        folder = try outputFolder()
        comparison = try job.run(events: progress.events)
      } else {
        let job = try gridJob()
        folder = try outputFolder(reading: job.options.files)
        if let omissions = job.grid.omissions, !common.quiet {
          Terminal.note("quantize: \(omissions)")
        }
        comparison = try job.run(events: progress.events)
      }
    } catch {
      progress.clear()
      throw error
    }
    progress.clear()
    if let folder {
      try folder.write(try ReportFiles.all(of: comparison, for: folder.path))
      for warning in folder.warnings where !common.quiet {
        Terminal.warn(.file(folder.path), warning)
      }
    }
    try show(comparison.report)
    if let folder, !common.quiet, !json {
      Summary.tell(
        Summary.count(comparison.report.rows.count, "image") + " compared",
        writing: [.file(folder.path.appending("index.html"))])
    }
  }

  /// The options of the command itself that are given.
  private var given: [GivenOption] {
    GivenOption.list(["--output": output != nil, "--json": json])
      + replacing.given
  }

  /// The options that say what the result should look like.
  private var look: [GivenOption] {
    pins.given + appearance.given(choosesDithering: lists.dither == nil)
  }

  private func checkNames() throws(QuantizeError) {
    guard !files.isEmpty else {
      throw .usage(
        "give one image to quantise, or several to compare "
          + "(see `quantize compare --help`)")
    }
    guard !files.contains("") else {
      throw .usage("the file name of an image is empty")
    }
    for (option, value) in [("--reference", reference), ("--output", output)]
    where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
    guard output != "-" else {
      throw .usage(
        "a report is a folder and cannot go to standard output; name one with "
          + "-o, or print JSON with --json")
    }
    try checkFolder()
  }

  /// Refuses a name that is meant for the page.
  private func checkFolder() throws(QuantizeError) {
    guard let output, output.last != "/" else { return }
    let path = FilePath(argument: output)
    let files = ReportFiles.names.compactMap { FilePath($0).extension }
    guard let ending = path.extension?.lowercased(), files.contains(ending),
      (try? path.stat()) == nil
    else { return }
    throw .usage(
      "-o names a folder, but \(path.displayName) looks like a file; the page "
        + "is index.html in that folder")
  }

  /// Prepares to write.
  ///
  /// - Parameter others: Files that are read besides the images.
  /// - Returns: The folder that is written, if one is.
  /// - Throws: `QuantizeError` where it may not be replaced.
  private func outputFolder(
    reading others: [FileLocation] = []
  ) throws(QuantizeError) -> OutputFolder? {
    guard let output else { return nil }
    return try OutputFolder(
      FilePath(argument: output), names: ReportFiles.names,
      replaces: replacing.force,
      inputs: (files + [reference].compactMap(\.self)).map {
        FileLocation(argument: $0)
      } + others)
  }

  private func gridJob() throws(QuantizeError) -> ComparisonJob {
    for (option, file) in appearance.files where files[0] == "-" && file == "-"
    {
      throw .usage("the image and \(option) cannot both be standard input")
    }
    let grid = try lists.grid(appearance)
    var options: QuantizeOptions
    do {
      options = QuantizeOptions(
        start: .search(try PaletteSize(grid.colors[0])), truncation: .hard)
    } catch {
      throw .usage(error.message)
    }
    try search.apply(to: &options)
    options.decoding = DecodeOptions(common, damaged)
    options.decoding.page = page.page
    options.threads = common.threadCount
    options.decoding.alpha = try alpha.treatment()
    // Each row has its own k, and the smallest must have room.
    options.quantizer.pinned = try pins.colors(
      most: grid.colors.min() ?? 1, of: "-k")
    options.names = pins.names()
    options.quantizer.dither = try appearance.dithering(
      lists.method, options.quantizer.effort)
    try appearance.weigh(&options, common.events)
    var job = ComparisonJob(
      input: FileLocation(argument: files[0]), grid: grid, options: options)
    job.warm = lists.warm
    job.makesPictures = output != nil
    return job
  }

  private func imageJob() throws(QuantizeError) -> ImageComparisonJob {
    let given = lists.given + search.given + look + alpha.given
    if let option = given.first {
      throw .usage(
        "\(option.name) is for one image that is quantised, but these are "
          + "compared as they are; leave it out, or give one image")
    }
    let original = reference ?? files[0]
    let images = reference == nil ? Array(files.dropFirst()) : files
    var job = ImageComparisonJob(
      original: FileLocation(argument: original),
      images: images.map(FileLocation.init(argument:)))
    job.decoding = DecodeOptions(common, damaged)
    job.decoding.page = page.page
    job.makesPictures = output != nil
    return job
  }

  private func show(_ report: ComparisonReport) throws(QuantizeError) {
    let text: String
    if json {
      text = String(decoding: report.json(), as: UTF8.self)
    } else if common.quiet {
      return
    } else if Terminal.outputIsTerminal {
      text = ComparisonListing.table(
        of: report, colored: Terminal.showsColors)
    } else if output == nil {
      text = ComparisonTable.lines(report)
    } else {
      return
    }
    try Terminal.output(text)
  }
}
