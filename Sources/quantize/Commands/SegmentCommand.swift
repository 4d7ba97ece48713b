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

        quantize segment cells.tif --channels 1,2 -k 4 -c 3 --smooth 1 -o l.tif
            clusters two channels of a micrograph as numbers

      Label maps hold numbers: 0 is the darkest segment. Programs that show \
      them as pictures show nearly black; --label-colors writes one to look \
      at. To quantise an image whose file is called segment, write: quantize \
      ./segment.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--colors", "--superpixels", "--cprime", "--spatial", "--smooth",
    "--min-region", "--channels", "--output", "--label-colors", "--overlay",
    "--regions", "--outlines", "--responsibilities", "--report",
    "--force", "--effort", "--quiet", "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      """
      The image to read, \(FileKinds.images), or a NumPy array (.npy or .npz); - \
      is standard input.
      """, valueName: "input"),
    completion: FileKinds.channels)
  var input: String

  @OptionGroup(title: "Segments")
  var segments: SegmentArguments

  @OptionGroup(title: "Channels")
  var channels: ChannelArguments

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
    let progress = Progress(quiet: common.quiet, verbose: details.verbose)
    let job = try job(progress.events)
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

  private func job(
    _ events: JobEvent.Observer
  ) throws(QuantizeError) -> SegmentJob {
    try OptionRules.check(
      segments.given + outputs.given + soft.given + fit.given + alpha.given
        + details.given + common.given + channels.given,
      needing: [
        "--compactness", "--mask", "--overlay-color", "--simplify", "--trap",
        "--curves",
        "--numbers", "--overlay-channels", "--uncertainty-colors",
        "--layer-blend", "--merge-layers",
      ])
    guard !input.isEmpty else {
      throw .usage("the file name of input is empty")
    }
    let decoding = DecodeOptions(common, damaged)
    let palette = try segments.palette(decoding, events)
    var options = try segments.options(
      fit, alpha, outputs, palette, threads: common.threadCount)
    options.channels = try channels.options()
    options.mask = try segments.mask(decoding, events)
    options.files = segments.files
    var job = try outputs.job(FileLocation(argument: input), options)
    job.decoding = decoding
    job.paintNames = segments.pins.names(besides: palette?.names)
    job.soft = try soft.outputs(
      // How many there are is not known before the image is.
      components: segments.superpixels.map {
        min($0, ResponsibilityMap.maximumComponents)
      } ?? options.components)
    return job
  }
}

extension SegmentJob {
  /// All files that are written.
  fileprivate var outputs: [FileLocation] {
    [
      output, labelColors, overlay, regions, outlines, report,
    ].compactMap(\.self) + soft.locations
  }
}
