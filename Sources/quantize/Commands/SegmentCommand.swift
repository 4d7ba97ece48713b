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
      "quantize segment <input> (-k <n>|--superpixels <n>) [-o <file>] "
      + "[options]",
    discussion: """
      Examples:
        quantize segment photo.jpg -k 6 --cprime 3 --spatial 0.2 -o labels.png
            six segments of similar colour and place; one label per pixel
        quantize segment photo.jpg -k 6 --min-region 50 --overlay seen.png
            removes specks, and draws the boundaries on the picture
        quantize segment photo.jpg -k 6 --regions r.csv --outlines r.svg
            writes the connected regions as a table and as polygons
        quantize segment photo.jpg --superpixels 400 --overlay seen.png
            400 connected regions of similar pixels
        quantize segment photo.jpg --superpixels 400 -c 3 --regions r.json
            the same with soft borders

      Label maps of up to 256 labels are palette PNGs in their mean colours, \
      others are 16-bit grey. To quantise an image whose file is called \
      segment, write: quantize ./segment.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--colors", "--superpixels", "--cprime", "--spatial", "--min-region",
    "--output", "--overlay", "--regions", "--outlines", "--responsibilities",
    "--force", "--effort", "--quiet", "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      "The image to read, \(FileKinds.images); - is standard input.",
      valueName: "input"),
    completion: FileKinds.image)
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

  @OptionGroup(title: "Input")
  var damaged: KeepGoingOption

  @OptionGroup(title: "General")
  var details: VerboseOption

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = Progress(quiet: common.quiet, verbose: details.verbose)
    let image = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    if details.verbose {
      Terminal.note(
        "\(image.components) components, σ² "
          + Summary.fixed(image.variance, 4)
          + (image.freeEnergies.last.map {
            ", F \(Summary.fixed($0, 6)) nats/pixel"
          } ?? "") + "; \(Summary.fixed(image.seconds, 4)) s")
    }
    if !common.quiet {
      Summary.tell(
        Summary.count(image.map.count, "label") + ", "
          + Summary.count(image.regionCount, "region"),
        writing: job.outputs)
    }
  }

  private func job() throws(QuantizeError) -> SegmentJob {
    try OptionRules.check(
      segments.given + outputs.given + soft.given + fit.given + alpha.given
        + details.given + common.given,
      needing: [
        "--compactness", "--overlay-color", "--simplify",
        "--uncertainty-colors",
      ])
    guard !input.isEmpty else {
      throw .usage("the file name of input is empty")
    }
    let options = try segments.options(
      fit, alpha, outputs, threads: common.threadCount)
    var job = try outputs.job(FileLocation(argument: input), options)
    job.decoding = DecodeOptions(common, damaged)
    job.soft = try soft.outputs(
      components: segments.superpixels ?? segments.components)
    return job
  }
}

extension SegmentJob {
  /// All files that are written.
  fileprivate var outputs: [FileLocation] {
    [output, overlay, regions, outlines, soft.colors, soft.uncertainty]
      .compactMap(\.self) + soft.responsibilities.map(\.location)
  }
}
