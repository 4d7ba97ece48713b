import ArgumentParser
import ImageFormats
import PaletteFiles
import Quantization
import QuantizeKit
import SystemPackage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The command that quantises many images.
struct BatchCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Reduce many images, whole folders of them.",
    usage: "quantize batch <inputs> ... -o <folder> [-k <n>|auto] [options]",
    discussion: """
      Examples:
        quantize batch photos/ more/*.jpg -k 16 --cprime 2 -o out/
            writes out/NAME.png for each image
        quantize batch photos/ --recursive -k 64 -o out/
            folders in folders as well, in the same places below out/
        find photos -name '*.png' -print0 | quantize batch --files-from - -o out/
            the files of a list
        quantize batch frames/ --shared-palette -k 32 -o out/
            one palette for all, out/palette.json
        quantize batch photos/ -k 64 -o out/ --report out/report.csv
            and a line for each image
        quantize batch inbox/ --watch -k 64 -o out/
            files as they appear, until Ctrl-C

      What is an image, the content says. A file that cannot be read never \
      stops the others. A batch that was ended goes on where it was when the \
      same command is given again.

      Exit status: 0 all done, 64 wrong usage, 65 some inputs failed, 73 \
      cannot create the output folder, 130 interrupted. To quantise an image \
      whose file is called batch, write: quantize ./batch.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      "Images, folders and patterns such as '*.jpg'.", valueName: "inputs"))
  var inputs: [String] = []

  @OptionGroup(title: "Batch")
  var batch: BatchOptions

  @OptionGroup
  var image: ImageOptions

  /// Does the job that the options describe.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = BatchProgress(batch.progress, quiet: batch.quiet)
    Interrupts.tell { progress.interrupted() }
    let summary: BatchSummary
    do {
      if batch.watch {
        let stop = try BatchStop()
        Interrupts.onFirst { stop.request() }
        summary = try job.watch(until: stop) { progress.show($0) }
      } else {
        summary = try job.run { progress.show($0) }
      }
    } catch {
      progress.clear()
      throw error
    }
    progress.finish(summary)
    guard summary.failed == 0 else {
      throw .batchFailures(
        summary.failed,
        of: summary.failed + summary.done + summary.kept + summary.skipped)
    }
  }

  private func job() throws(QuantizeError) -> BatchJob {
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
    if batch.sharedPalette, let given = image.palette.given {
      throw .usage(
        "--shared-palette contradicts \(given), which all images share "
          + "already; leave one out")
    }
    let options = try image.options(writing: batch.format)
    let listed = try batch.filesFrom.map { name throws(QuantizeError) in
      try FileListing.read(FileLocation(argument: name))
    }
    var job = BatchJob(
      sources: BatchSources(
        paths: inputs.map { FilePath(argument: $0) }, listed: listed ?? [],
        isRecursive: batch.recursive, output: FilePath(argument: batch.output),
        format: batch.format),
      options: options)
    job.jobs = batch.jobs ?? options.threads
    job.memory = batch.memory
    job.replaces = batch.force
    job.resumes = batch.resume
    job.skipsIfLarger = image.encoding.skipIfLarger
    job.sharesPalette = batch.sharedPalette
    if batch.sharedPalette { try checkSharing(options) }
    job.palette = batch.paletteOut.map(FileLocation.init(argument:))
    job.paletteFormat =
      job.palette?.pathExtension.flatMap(PaletteFormat.init(pathExtension:))
      ?? .json
    job.report = batch.report.map(FileLocation.init(argument:))
    job.reportFormat = try batch.reportFormat()
    return job
  }

  /// Refuses what one palette for all cannot be.
  private func checkSharing(
    _ options: QuantizeOptions
  ) throws(QuantizeError) {
    guard options.components <= PaletteSize.mostIndexed else {
      throw .usage(
        "--shared-palette needs 256 colours at most, not "
          + "\(options.components)")
    }
    guard options.decoding.target != .input else {
      throw .usage(
        "--shared-palette needs one space for all images; give "
          + "--output-profile p3 in place of input")
    }
  }
}
