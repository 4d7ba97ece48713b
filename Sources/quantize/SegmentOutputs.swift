import ArgumentParser
import QuantizeKit
import Rasters
import SystemPackage

/// What `quantize segment` writes.
struct SegmentOutputs: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The label map to write, PNG; - is standard output. (default: \
      NAME-segments.png beside the input, standard output when that is standard \
      input)
      """, valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the image with the boundaries on it, PNG.", valueName: "file"))
  var overlay: String?

  @Option(
    help: ArgumentHelp(
      """
      The colour of those boundaries, #rrggbb, #rgb or a name of CSS. (default: \
      yellow)
      """, valueName: "color"),
    transform: RGBColor.init(argument:))
  var overlayColor: RGBColor?

  @Option(
    help: ArgumentHelp(
      "Write the connected regions, CSV for .csv, else JSON.",
      valueName: "file"))
  var regions: String?

  @Option(
    help: ArgumentHelp(
      "Write the regions as polygons, SVG.", valueName: "file"))
  var outlines: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How far, in pixels, polygons may lie from the regions' borders, 0 or \
      more. (default: 1)
      """, valueName: "x"))
  var simplify: Double?

  @Flag(name: [.short, .long], help: "Replace files that exist.")
  var force = false

  @Flag(name: [.short, .long], help: "No progress and no warnings.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Every iteration, on standard error.")
  var verbose = false

  /// How far polygons may lie from borders.
  ///
  /// - Throws: `QuantizeError.usage`.
  func tolerance() throws(QuantizeError) -> Double {
    let tolerance = simplify ?? 1
    guard tolerance >= 0, tolerance.isFinite else {
      throw .usage("--simplify must be 0 or more, not \(tolerance)")
    }
    return tolerance
  }

  /// The job of an image.
  ///
  /// - Parameters:
  ///   - input: The image.
  ///   - options: How to segment it.
  /// - Returns: The job.
  /// - Throws: `QuantizeError.usage`.
  func job(
    _ input: FileLocation, _ options: SegmentOptions
  ) throws(QuantizeError) -> SegmentJob {
    guard !(quiet && verbose) else {
      throw .usage("--quiet and --verbose contradict each other")
    }
    for (option, value) in [
      ("--output", output), ("--overlay", overlay), ("--regions", regions),
      ("--outlines", outlines),
    ] where value?.isEmpty == true {
      throw .usage("the file name of \(option) is empty")
    }
    if simplify != nil, outlines == nil {
      throw .usage("--simplify is for --outlines; give a file for them")
    }
    if overlayColor != nil, overlay == nil {
      throw .usage("--overlay-color is for --overlay; give a file for it")
    }
    let output =
      output.map(FileLocation.init(argument:)) ?? Self.beside(input)
    for location in [output, overlay.map(FileLocation.init(argument:))]
    where location == .standardStream && Terminal.outputIsTerminal {
      throw .usage(
        "an image would be written to the terminal; name a file with -o")
    }
    if let ending = output.pathExtension, ending.lowercased() != "png" {
      throw .usage(
        "cannot write labels as “.\(FilePath(ending).displayName)”; use .png")
    }
    var job = SegmentJob(input: input, output: output, options: options)
    job.overlay = overlay.map(FileLocation.init(argument:))
    job.regions = regions.map(FileLocation.init(argument:))
    job.outlines = outlines.map(FileLocation.init(argument:))
    job.replaces = force
    return job
  }

  private static func beside(_ input: FileLocation) -> FileLocation {
    guard let path = input.path, path.stem != nil else {
      return .standardStream
    }
    return .file(path.beside(ending: "-segments.png"))
  }
}
