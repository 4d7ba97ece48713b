import ArgumentParser
import ImageFormats
import PaletteFiles
import Quantization
import QuantizeKit
import SystemPackage

/// The command that shows or writes the palette of an image, and no image.
struct PaletteCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "palette",
    abstract: "Show or write the palette of an image.",
    usage: "quantize palette <input> [-k <n>|auto] [-o <file>] [options]",
    discussion: """
      Examples:
        quantize palette photo.jpg -k 8 --names
            lists eight colours with their shares and nearest CSS names
        quantize palette photo.jpg -k 8 | head -1
            writes lines of rrggbb if standard output is not a terminal
        quantize palette photo.jpg -k 16 --sort hue -o photo.gpl
            writes a GIMP palette; the file ending sets the format
        quantize palette photo.jpg -k 7 --for recolor
            lists the extremes, which are the colours to change
        quantize palette photo.jpg -k 16 --format ase -o - > photo.ase
            writes to standard output

      Formats: \(PaletteFormat.endings). To quantise an image whose file is \
      called palette, write: quantize ./palette.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--output", "--format", "--sort", "--names", "--force", "--colors",
    "--cprime", "--target-delta-e", "--pin", "--space", "--effort", "--quiet",
    "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      "The image to read, \(FileKinds.images); - is standard input.",
      valueName: "input"),
    completion: FileKinds.image)
  var input: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The file to write; - is standard output. (default: -, as a list on a \
      terminal, else as lines of rrggbb)
      """, valueName: "file"),
    completion: FileKinds.files(PaletteFormat.allCases.map(\.rawValue)))
  var output: String?

  @Option(
    help: ArgumentHelp(
      """
      Format of the palette. Use \(Names.palettes.text). (default: by the ending \
      of the output)
      """, valueName: "format"),
    completion: Names.palettes.completion, transform: Names.palettes.parse)
  var format: PaletteFormat?

  @Option(
    help: ArgumentHelp(
      "Order of the colours. Use \(Names.sortings.text). (default: frequency)",
      valueName: "order"),
    completion: Names.sortings.completion, transform: Names.sortings.parse)
  var sort: PaletteSorting?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      """
      What the colours are for: image, the averages of what they stand for, or \
      recolor, the extremes of which the others are mixtures. (default: image)
      """, valueName: "use"),
    completion: Names.aims.completion, transform: Names.aims.parse)
  var aim: PaletteAim?

  @Flag(help: "Add the nearest CSS name of each colour, by CIEDE2000.")
  var names = false

  @OptionGroup
  var replacing: ForceOption

  @OptionGroup(title: "Colours")
  var palette: PaletteOptions

  @OptionGroup(title: "Fit")
  var fit: FitArguments

  @OptionGroup(title: "Look")
  var look: LookOptions

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "Input")
  var page: PageOption

  @OptionGroup(title: "Input")
  var damaged: KeepGoingOption

  @OptionGroup(title: "General")
  var details: VerboseOption

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// How many colours are shown where no number is asked for.
  private static let colors = 16

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    let progress = Progress(quiet: common.quiet, verbose: details.verbose)
    let job = try job(progress)
    let records = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    if !common.quiet {
      Summary.tell(
        Summary.count(records.count, "colour"), writing: [job.output])
    }
  }

  private func job(_ progress: Progress) throws(QuantizeError) -> PaletteJob {
    try OptionRules.check(
      palette.given + fit.given + look.given + alpha.given + details.given
        + common.given
        + GivenOption.list(["--for recolor": aim == .recolor]),
      needing: PaletteOptions.needing.union(["--dither-strength"]))
    guard !input.isEmpty else {
      throw .usage("the file name of input is empty")
    }
    for (option, file) in palette.files + look.appearance.files
    where input == "-" && file == "-" {
      throw .usage("the image and \(option) cannot both be standard input")
    }
    let location =
      try OutputArgument.file(output, of: "--output") ?? .standardStream
    let form = try form(location, progress)
    var options = try QuantizeOptions(
      palette, fit, alpha, damaged, common, colors: Self.colors)
    options.decoding.page = page.page
    try look.apply(to: &options, common.events)
    // Colours that are mixed by dithering are not those that people see.
    options.quantizer.aim = aim ?? .image
    if look.dither == nil { options.quantizer.dither.method = .none }
    var job = PaletteJob(
      input: FileLocation(argument: input), output: location, options: options)
    job.form = form
    job.sorting = sort
    job.names = names
    job.replaces = replacing.force
    return job
  }

  private func form(
    _ location: FileLocation, _ progress: Progress
  ) throws(QuantizeError) -> PaletteJob.Form {
    var chosen = format
    if chosen == nil { chosen = try format(of: location) }
    guard let format = chosen else {
      guard Terminal.outputIsTerminal else {
        return names
          ? .text { PaletteListing.names(of: $0) } : .file(.hex)
      }
      let colored = Terminal.showsColors
      return .text { records in
        progress.clear()
        return PaletteListing.text(of: records, colored: colored)
      }
    }
    guard !names || format.hasNames else {
      let others = PaletteFormat.allCases.filter(\.hasNames)
      throw .usage(
        "--names: a \(format.name) has no names; leave it out, or write "
          + TextList.or(others.map { ".\($0.rawValue)" }))
    }
    let isText = ![.act, .ase, .png].contains(format)
    guard location != .standardStream || isText || !Terminal.outputIsTerminal
    else {
      throw .usage(
        "a \(format.name) would be written to the terminal; name a file with -o"
      )
    }
    return .file(format)
  }

  /// The format that the output's name asks for; `nil` of standard output.
  private func format(
    of location: FileLocation
  ) throws(QuantizeError) -> PaletteFormat? {
    guard location != .standardStream else { return nil }
    let ending = location.pathExtension
    if let format = ending.flatMap(PaletteFormat.init(pathExtension:)) {
      return format
    }
    throw .usage(
      "--output: \(location.displayName): the ending names no palette format; "
        + "use \(PaletteFormat.endings), or name the format with --format")
  }
}
