import ArgumentParser
import ImageFormats
import QuantizeKit
import SystemPackage

/// The command that measures how far images are from their original.
struct MetricsCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Measure how far images are from their original.",
    usage: "quantize metrics <original> <image> ... [--json]",
    discussion: """
      Examples:
        quantize metrics photo.jpg photo-quantized.png
            MSE, PSNR, SSIM, CIEDE2000 (mean and 95th percentile), Oklab MSE
        quantize metrics photo.png a.png b.png c.jpg
            one line per image, tab-separated when piped
        quantize metrics photo.png out.png --json
            the same as JSON
        quantize photo.png -k 16 -o - | quantize metrics photo.png -
            reads one of the images from standard input

      All images must have the same size. Images with alpha are compared on \
      black, grey and white. To quantise an image whose file is called \
      metrics, write: quantize ./metrics.
      """,
    helpNames: [])

  static let dailyOptions = ["--json", "--threads", "--quiet", "--version"]

  @Argument(
    help: ArgumentHelp(
      """
      The original, then one or more images to compare with it, \
      \(FileKinds.images); - is standard input.
      """, valueName: "images"),
    completion: FileKinds.image)
  var files: [String] = []

  @Flag(help: "Write JSON instead of a table.")
  var json = false

  @OptionGroup(title: "Input")
  var page: PageOption

  @OptionGroup(title: "Input")
  var damaged: KeepGoingOption

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// Compares and prints.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = Progress(quiet: common.quiet, verbose: false)
    progress.show(.metrics)
    let report = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    let text =
      if json {
        report.json()
      } else if Terminal.outputIsTerminal {
        MetricsListing.table(of: report)
      } else {
        MetricsListing.lines(of: report)
      }
    try Terminal.output(text)
  }

  private func job() throws(QuantizeError) -> MetricsJob {
    guard let original = files.first, files.count > 1 else {
      throw .usage(
        "give two images or more, the original first "
          + "(see `quantize metrics --help`)")
    }
    guard !files.contains("") else {
      throw .usage("the file name of an image is empty")
    }
    var job = MetricsJob(
      original: FileLocation(argument: original),
      images: files.dropFirst().map(FileLocation.init(argument:)))
    job.decoding = DecodeOptions(common, damaged)
    job.decoding.page = page.page
    return job
  }
}
