import ArgumentParser
import ImageFormats
import PaletteFiles
import Quantization
import QuantizeKit
import SystemPackage

/// The command that quantises many images.
struct BatchCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Reduce the colours of many images or whole folders.",
    usage: """
      quantize batch <inputs> ... -o <folder> [-k <n>|auto] [options]
      quantize batch <inputs> ... --in-place [-k <n>|auto] [options]
      """,
    discussion: """
      Examples:
        quantize batch photos/ more/*.jpg -k 16 --cprime 2 -o out/
            writes out/NAME.png for each image
        quantize batch photos/ --recursive -k 64 -o out/
            includes subfolders, with the same layout in out/
        find photos -name '*.png' -print0 | quantize batch --files-from - -o out/
            reads the names of files from a list
        quantize batch frames/ --shared-palette -k 32 -o out/
            uses one palette for all images, and writes out/palette.json
        quantize batch photos/ -k 64 -o out/ --report out/report.csv
            also writes a table with one line per image
        quantize batch site/ --recursive --in-place --quality 65-80
            replaces the images that get smaller
        quantize batch site/ --recursive --format same -k 256 -o out/
            keeps formats and names, and copies what would not get smaller
        quantize batch inbox/ --watch -k 64 -o out/
            works on files as they appear, until Ctrl-C

      Images are recognised by their content. A file that cannot be read does \
      not stop the others. Run the same command again to continue a batch that \
      was interrupted: finished outputs are kept, unless --force makes all of \
      them again.

      Exit status: 0 success, 64 wrong usage, 65 some inputs failed, 73 cannot \
      create the output folder, 130 interrupted. To quantise an image whose \
      file is called batch, write: quantize ./batch.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--output", "--in-place", "--recursive", "--files-from", "--colors",
    "--cprime",
    "--shared-palette", "--format", "--report", "--resume", "--force",
    "--jobs", "--memory", "--watch", "--dry-run", "--quiet", "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      "Images, folders and patterns such as '*.jpg'.", valueName: "inputs"),
    completion: FileKinds.image)
  var inputs: [String] = []

  @OptionGroup(title: "Batch")
  var batch: BatchOptions

  @OptionGroup
  var image: ImageOptions

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// Does the job that the options describe.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = BatchProgress(
      batch.progress ?? .auto, quiet: common.quiet,
      verbose: batch.verbose,
      resumes: job.sources.destination.keepsLedger)
    if batch.dryRun { return try progress.show(job.plan()) }
    let summary = try progress.showing { () throws(QuantizeError) in
      guard batch.watch else { return try job.run { progress.show($0) } }
      let stop = try BatchStop()
      Interrupts.onFirst { stop.request() }
      return try job.watch(until: stop) { progress.show($0) }
    }
    guard summary.failed == 0 else {
      throw .batchFailures(
        summary.failed,
        of: summary.failed + summary.done + summary.kept + summary.skipped)
    }
  }

  private func job() throws(QuantizeError) -> BatchJob {
    try OptionRules.check(
      batch.given + image.given + common.given,
      needing: PaletteOptions.needing.union([
        "--dither-strength", "--palette-out",
      ]))
    try batch.check()
    guard !inputs.contains("") else {
      throw .usage("the file name of an input is empty")
    }
    guard !inputs.isEmpty || batch.filesFrom != nil else {
      throw .usage(
        "no input is given; name images or folders (see `quantize batch "
          + "--help`)")
    }
    for (option, file) in image.palette.files
    where batch.filesFrom == "-" && file == "-" {
      throw .usage("--files-from and \(option) cannot both be standard input")
    }
    let palette = try OutputArgument.palette(
      batch.paletteOut, of: "--palette-out")
    let reports = try batch.reports()
    let format = try batch.imageFormat()
    var options = try image.options(writing: format, common)
    let list = batch.filesFrom.map { FileLocation(argument: $0) }
    let listed = try list.map { list throws(QuantizeError) in
      try FileListing.read(list, limits: common.limits)
    }
    options.files += [list].compactMap(\.self)
    var job = BatchJob(
      sources: BatchSources(
        paths: inputs.map { FilePath(argument: $0) }, listed: listed ?? [],
        isRecursive: batch.recursive, destination: try batch.destination(),
        format: format),
      options: options)
    job.jobs = batch.jobs ?? options.threads
    job.memory = batch.memory
    job.replaces = batch.replacing.force || batch.inPlace
    job.resumes = batch.resume
    job.skipsIfLarger = image.encoding.skipIfLarger
    job.copiesIfLarger = format == nil && !job.skipsIfLarger
    job.sharesPalette = batch.sharedPalette
    if batch.sharedPalette { try checkSharing(options) }
    if let palette {
      job.palette = palette.location
      job.paletteFormat = palette.format
    }
    if let reports {
      job.report = reports.location
      job.reportFormat = reports.format
    }
    return job
  }

  /// Refuses what one palette for all cannot be.
  private func checkSharing(
    _ options: QuantizeOptions
  ) throws(QuantizeError) {
    guard options.components <= PaletteSize.mostIndexed else {
      throw .usage(
        "--shared-palette needs at most 256 colours, not "
          + "\(options.components)")
    }
    guard options.decoding.target != .input else {
      throw .usage(
        "--shared-palette needs one space for all images; use "
          + "--output-profile p3 instead of input")
    }
  }
}
