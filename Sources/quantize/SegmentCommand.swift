import ArgumentParser
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import Segmentation
import SystemPackage
import TruncatedEM

/// The command that cuts an image into segments.
struct SegmentCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: "Cut an image into segments or superpixels.",
    usage:
      "quantize segment <input> (-k <n> | --superpixels <n>) [-o <file>] "
      + "[options]",
    discussion: """
      Examples:
        quantize segment photo.jpg -k 6 --cprime 3 --spatial 0.2 -o labels.png
            six segments of like colour and place, a label a pixel
        quantize segment photo.jpg -k 6 --min-region 50 --overlay seen.png
            without specks; and their boundaries on the picture
        quantize segment photo.jpg -k 6 --regions r.csv --outlines r.svg
            the connected regions as a table and as polygons
        quantize segment photo.jpg --superpixels 400 --overlay seen.png
            400 connected regions of alike pixels
        quantize segment photo.jpg --superpixels 400 -c 3 --regions r.json
            the same with soft borders

      Label maps of up to 256 labels are palette PNGs in their mean colours, \
      others 16-bit grey. To quantise an image whose file is called segment, \
      write: quantize ./segment.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      "The image to read, \(InputFormat.list); - is standard input.",
      valueName: "input"))
  var input: String

  @OptionGroup(title: "Segments")
  var segments: SegmentArguments

  @OptionGroup(title: "Output")
  var outputs: SegmentOutputs

  @OptionGroup(title: "Soft outputs")
  var soft: SoftOptions

  @OptionGroup(title: "Fit")
  var fit: FitArguments

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    guard !input.isEmpty else {
      throw .usage("the file name of input is empty")
    }
    let options = try segments.options(fit, alpha, outputs)
    var job = try outputs.job(FileLocation(argument: input), options)
    job.decoding.limits = limits.limits
    job.soft = try soft.outputs(
      components: segments.superpixels ?? segments.components)
    let progress = Progress(quiet: outputs.quiet, verbose: outputs.verbose)
    let image = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    if outputs.verbose {
      Terminal.note(
        "\(image.table.regions.count) regions of \(image.map.count) labels, "
          + "\(image.components) components, σ² "
          + Summary.fixed(image.variance, 4)
          + (image.freeEnergies.last.map {
            ", F \(Summary.fixed($0, 6)) nats/pixel"
          } ?? "") + "; \(Summary.fixed(image.seconds, 4)) s")
    }
  }
}
