import ArgumentParser
import QuantizeKit
import Rasters
import Segmentation
import SoftFormats
import SystemPackage

/// What `quantize segment` writes.
struct SegmentOutputs: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The label map to write, .png, .tif or .npy. The sample of a pixel is its \
      label; - is standard output, PNG. (default: NAME-segments.png next to the \
      input; standard output if the input is standard input)
      """, valueName: "file"),
    completion: FileKinds.files(LabelFormat.endings))
  var output: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the label map in the segments' mean colours, PNG. Up to 256 labels \
      are the entries of its palette.
      """, valueName: "file"),
    completion: FileKinds.files(["png"]))
  var labelColors: String?

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
      "Write the regions as shapes, SVG; each segment is a group.",
      valueName: "file"),
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Let shapes overlap by x pixels, darker over lighter ones, so that no gap \
      shows between them. (default: 0)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var trap: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Draw shapes with curves that lie within x pixels of the borders, instead \
      of polygons.
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var curves: Double?

  @Flag(
    help: """
      Draw the shapes white with a number in each, to paint by numbers, and a \
      legend below. Shapes too small for a number have none.
      """)
  var numbers = false

  @Option(
    help: ArgumentHelp(
      "Write a report as JSON; - is standard output.", valueName: "file"),
    completion: FileKinds.files(["json"]))
  var report: String?

  @OptionGroup
  var replacing: ForceOption

  /// The options that are given and need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--overlay": overlay != nil, "--overlay-color": overlayColor != nil,
      "--outlines": outlines != nil, "--simplify": simplify != nil,
      "--trap": trap != nil, "--curves": curves != nil, "--numbers": numbers,
      "--label-colors": labelColors != nil,
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

  /// How outlines are drawn.
  ///
  /// - Throws: `QuantizeError.usage`.
  func style() throws(QuantizeError) -> OutlineStyle {
    var style = OutlineStyle(paints: [])
    style.trap = trap ?? 0
    guard style.trap >= 0 else {
      throw .usage("--trap must be 0 or more, not \(style.trap)")
    }
    if let curves {
      guard curves > 0 else {
        throw .usage("--curves must be more than 0, not \(curves)")
      }
      style.curves = curves
    }
    style.numbers = numbers
    return style
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
      output, of: "--output", writing: "a PNG, a TIFF or an array",
      endings: LabelFormat.endings)
    let output = named ?? Self.nextTo(input)
    let overlay = try OutputArgument.file(
      overlay, of: "--overlay", writing: "a PNG", endings: ["png"])
    let labelColors = try OutputArgument.file(
      labelColors, of: "--label-colors", writing: "a PNG", endings: ["png"])
    for location in [output, overlay, labelColors] {
      try OutputArgument.checkTerminal(location, option: "-o")
    }
    var job = SegmentJob(input: input, output: output, options: options)
    job.format =
      output.pathExtension.flatMap { LabelFormat(pathExtension: $0) } ?? .png
    job.labelColors = labelColors
    job.overlay = overlay
    job.report = try OutputArgument.file(
      report, of: "--report", writing: "JSON", endings: ["json"])
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
