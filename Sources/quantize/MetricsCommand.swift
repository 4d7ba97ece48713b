import ArgumentParser
import ImageFormats
import QuantizeKit
import SystemPackage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The command that says how far images are from their original.
struct MetricsCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Say how far images are from their original.",
    usage: "quantize metrics <original> <image> ... [--json]",
    discussion: """
      Examples:
        quantize metrics photo.jpg photo-quantized.png
            MSE, PSNR, SSIM, CIEDE2000 (mean and 95th percentile), Oklab MSE
        quantize metrics photo.png a.png b.png c.jpg
            a line for each image, with tabs where it is piped
        quantize metrics photo.png out.png --json
            the same as JSON
        quantize photo.png -k 16 -o - | quantize metrics photo.png -
            reads one of the images from standard input

      All images must have the same size. Those with alpha are compared on \
      black, grey and white. To quantise an image whose file is called metrics, \
      write: quantize ./metrics.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      """
      The original, then one or more images to compare with it, \
      \(InputFormat.list); - is standard input.
      """, valueName: "images"))
  var files: [String] = []

  @Flag(help: "Write JSON.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most threads, 1 or more; they do not change the output. "
        + "(default: one a core)", valueName: "n"))
  var threads: Int?

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  /// Compares and prints.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = Progress(quiet: false, verbose: false)
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
    if let threads, threads < 1 {
      throw .usage("--threads must be 1 or more, not \(threads)")
    }
    var job = MetricsJob(
      original: FileLocation(argument: original),
      images: files.dropFirst().map(FileLocation.init(argument:)))
    job.decoding.limits = limits.limits
    job.decoding.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    return job
  }
}
