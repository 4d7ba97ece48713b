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
      NAME-segments.png next to the input; standard output if the input is \
      standard input)
      """, valueName: "file"),
    completion: FileKinds.files(["png"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the image with segment boundaries on it, PNG.",
      valueName: "file"),
    completion: FileKinds.files(["png"]))
  var overlay: String?

  @Option(
    help: ArgumentHelp(
      """
      Colour of the boundaries: #rrggbb, #rgb or a CSS name. (default: yellow)
      """, valueName: "color"),
    transform: RGBColor.init(argument:))
  var overlayColor: RGBColor?

  @Option(
    help: ArgumentHelp(
      "Write a table of the connected regions, .csv or .json.",
      valueName: "file"),
    completion: FileKinds.files(["csv", "json"]))
  var regions: String?

  @Option(
    help: ArgumentHelp(
      "Write the regions as polygons, SVG.", valueName: "file"),
    completion: FileKinds.files(["svg"]))
  var outlines: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How far polygons may lie from the borders of regions, in pixels. \
      (default: 1)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var simplify: Double?

  @OptionGroup
  var replacing: ForceOption

  /// The options that are given and need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--overlay": overlay != nil, "--overlay-color": overlayColor != nil,
      "--outlines": outlines != nil, "--simplify": simplify != nil,
    ])
  }

  /// How far polygons may lie from borders.
  ///
  /// - Throws: `QuantizeError.usage`.
  func tolerance() throws(QuantizeError) -> Double {
    let tolerance = simplify ?? 1
    guard tolerance >= 0 else {
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
  /// - Throws: `QuantizeError.usage` or `.cannotCreate`.
  func job(
    _ input: FileLocation, _ options: SegmentOptions
  ) throws(QuantizeError) -> SegmentJob {
    let named = try OutputArgument.file(
      output, of: "--output", writing: "a PNG", endings: ["png"])
    let output = named ?? Self.nextTo(input)
    let overlay = try OutputArgument.file(
      overlay, of: "--overlay", writing: "a PNG", endings: ["png"])
    for location in [output, overlay] {
      try OutputArgument.checkTerminal(location, option: "-o")
    }
    var job = SegmentJob(input: input, output: output, options: options)
    job.overlay = overlay
    job.regions = try OutputArgument.file(
      regions, of: "--regions", writing: "CSV or JSON",
      endings: ["csv", "json"])
    job.outlines = try OutputArgument.file(
      outlines, of: "--outlines", writing: "SVG", endings: ["svg"])
    job.replaces = replacing.force
    return job
  }

  private static func nextTo(_ input: FileLocation) -> FileLocation {
    guard let path = input.path, path.stem != nil else {
      return .standardStream
    }
    return .file(path.beside(ending: "-segments.png"))
  }
}
