import ArgumentParser
import ImageFormats
import PaletteFiles
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
            lists eight colours, their shares and the nearest names of CSS
        quantize palette photo.jpg -k 8 | head -1
            lines of rrggbb when standard output is no terminal
        quantize palette photo.jpg -k 16 --sort hue -o photo.gpl
            writes a palette of GIMP; the format follows the name
        quantize palette photo.jpg -k 16 --format ase -o - > photo.ase
            writes it to standard output

      Formats: \(PaletteFormat.endings). To quantise an image whose file is \
      called palette, write: quantize ./palette.
      """,
    version: "\(Version.name) \(Version.number)")

  @Argument(
    help: ArgumentHelp(
      "The image to read, \(InputFormat.list); - is standard input.",
      valueName: "input"))
  var input: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The file to write; - is standard output. (default: -, a list on a \
      terminal, lines of rrggbb otherwise)
      """, valueName: "file"))
  var output = "-"

  @Option(
    help: ArgumentHelp(
      """
      The format, as its ending is called: gpl, hex, … (default: by the ending \
      of the output)
      """, valueName: "format"),
    transform: parseFormat)
  var format: PaletteFormat?

  @Option(
    help: ArgumentHelp(
      """
      The order: frequency, luminance, hue or lightness-path. (default: \
      frequency)
      """, valueName: "order"),
    transform: parseSorting)
  var sort = PaletteSorting.frequency

  @Flag(help: "Name each colour after the nearest one of CSS, by CIEDE2000.")
  var names = false

  @Flag(name: [.short, .long], help: "Replace a file that exists.")
  var force = false

  @Flag(name: [.short, .long], help: "No progress and no warnings.")
  var quiet = false

  @OptionGroup(title: "Colours")
  var palette: PaletteOptions

  @OptionGroup(title: "Fit")
  var fit: FitArguments

  @OptionGroup(title: "Look")
  var look: LookOptions

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  /// Runs the job that the options describe.
  func execute() throws(QuantizeError) {
    let progress = Progress(quiet: quiet, verbose: false)
    let job = try job(progress)
    _ = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
  }

  private func job(_ progress: Progress) throws(QuantizeError) -> PaletteJob {
    for (name, value) in [("input", input), ("--output", output)]
    where value.isEmpty {
      throw .usage("the file name of \(name) is empty")
    }
    for (option, file) in palette.files + look.files
    where input == "-" && file == "-" {
      throw .usage("the image and \(option) cannot both be standard input")
    }
    let location = FileLocation(argument: output)
    let form = try form(location, progress)
    var options = try QuantizeOptions(palette, fit, alpha, limits)
    try look.apply(to: &options)
    var job = PaletteJob(
      input: FileLocation(argument: input), output: location, options: options)
    job.form = form
    job.sorting = sort
    job.names = names
    job.replaces = force
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
      throw .usage(
        "--names: a \(format.name) has no names; leave it out, or write .gpl, "
          + ".ase, .css, .scss or .json")
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
      "--output does not say which format; let its name end in "
        + "\(PaletteFormat.endings), or name the format with --format")
  }

  /// The format that `--format` names, with or without a dot.
  private static func parseFormat(_ argument: String) throws -> PaletteFormat {
    let name = argument.hasPrefix(".") ? argument.dropFirst() : argument[...]
    guard let format = PaletteFormat(pathExtension: String(name)) else {
      throw ValidationError(
        "there is no format “\(argument)”; \(PaletteFormat.endings) are")
    }
    return format
  }

  /// The order that `--sort` names.
  private static func parseSorting(_ argument: String) throws -> PaletteSorting
  {
    guard let sorting = PaletteSorting(rawValue: argument) else {
      throw ValidationError(
        "there is no order “\(argument)”; "
          + PaletteSorting.allCases.map(\.rawValue).joined(separator: ", ")
          + " are")
    }
    return sorting
  }
}
