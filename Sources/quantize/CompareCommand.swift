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
      are compared as they are, with the first or --reference as their original.

      Examples:
        quantize compare photo.jpg -k 16 --cprime 1,2,3,4,8,16
            a table of F, log-likelihood, PSNR, … for each C'
        quantize compare photo.jpg -k 16 --cprime 1,2,4 -o report/
            also report/index.html, with pictures, plots and palettes
        quantize compare photo.jpg -k 8,16,32 --space srgb,oklab
            every combination of lists
        quantize compare photo.jpg -k 16 --dither none,floyd-steinberg,blue-noise
            the same palette, mixed in three ways
        quantize compare photo.jpg --cprime 1,2,4,8 --warm
            each C' starts from the means of the one before it
        quantize compare photo.jpg ours.png theirs.png -o report/
            images made by any program; the first is the original
        quantize compare --reference photo.jpg *.png --json
            the same, with the original named apart, as JSON

      To quantise an image whose file is called compare, write: quantize \
      ./compare.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      """
      One image to quantise, or images to compare, \
      \(InputFormat.list); - is standard input.
      """, valueName: "images"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "The original of the images, which are compared as they are.",
      valueName: "file"))
  var reference: String?

  @OptionGroup(title: "Combinations")
  var lists: GridOptions

  @OptionGroup(title: "Fit")
  var search: SearchArguments

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      A folder to write: index.html, report.json, report.csv and \
      contact-sheet.png.
      """, valueName: "folder"))
  var output: String?

  @Flag(name: [.short, .long], help: "Replace an earlier report.")
  var force = false

  @Flag(help: "Write JSON to standard output, in place of a table.")
  var json = false

  @Flag(name: [.short, .long], help: "No table, progress or warnings.")
  var quiet = false

  /// Compares, prints and writes.
  func execute() throws(QuantizeError) {
    try checkNames()
    let progress = Progress(quiet: quiet, verbose: false)
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
        folder = try outputFolder()
        if let omissions = job.grid.omissions, !quiet {
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
    }
    try show(comparison.report)
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
        "a report is a folder, not standard output; name one with -o, or "
          + "print JSON with --json")
    }
    guard !(json && quiet) else {
      throw .usage("--json and --quiet contradict each other; give one of them")
    }
    guard !force || output != nil else {
      throw .usage("--force is for a folder; name one with -o")
    }
  }

  private func outputFolder() throws(QuantizeError) -> OutputFolder? {
    guard let output else { return nil }
    return try OutputFolder(
      FilePath(argument: output), names: ReportFiles.names, replaces: force)
  }

  private func gridJob() throws(QuantizeError) -> ComparisonJob {
    let grid = try lists.grid()
    var options: QuantizeOptions
    do {
      options = QuantizeOptions(
        start: .search(try PaletteSize(grid.colors[0])), truncation: .hard)
    } catch {
      throw .usage(error.message)
    }
    try search.apply(to: &options)
    options.decoding.alpha = try alpha.treatment()
    options.quantizer.dither = try lists.dithering(
      effort: options.quantizer.effort)
    var job = ComparisonJob(
      input: FileLocation(argument: files[0]), grid: grid, options: options)
    job.warm = lists.warm
    job.makesPictures = output != nil
    return job
  }

  private func imageJob() throws(QuantizeError) -> ImageComparisonJob {
    let given = lists.given + search.given + alpha.given
    if let option = given.first {
      throw .usage(
        "\(option) is for one image that is quantised, but these are compared "
          + "as they are; leave it out, or give one image")
    }
    try search.check()
    let original = reference ?? files[0]
    let images = reference == nil ? Array(files.dropFirst()) : files
    var job = ImageComparisonJob(
      original: FileLocation(argument: original),
      images: images.map(FileLocation.init(argument:)))
    job.decoding.threads = search.threadCount
    job.makesPictures = output != nil
    return job
  }

  private func show(_ report: ComparisonReport) throws(QuantizeError) {
    let text: String
    if json {
      text = String(decoding: report.json(), as: UTF8.self)
    } else if quiet {
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
