import ArgumentParser
import ImageFormats
import QuantizeKit
import SystemPackage

/// Where an image goes, and in which format.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      """
      The image to write; - is standard output. (default: NAME-quantized.png \
      beside the input, standard output when that is standard input)
      """, valueName: "file"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Write beside the input, under its name with this in place of its \
      ending: -small.png.
      """, valueName: "ending"))
  var ext: String?

  @Option(
    help: ArgumentHelp(
      "\(OutputFormat.words). (default: by the ending of the output, or png)",
      valueName: "format"),
    transform: parseFormat)
  var format: OutputFormat?

  @Flag(name: [.short, .long], help: "Replace files that exist.")
  var force = false

  /// The image to write.
  ///
  /// - Parameter input: The image that is read.
  /// - Returns: Its place, and its format: what `--format` says, or else the
  ///   ending of its name.
  /// - Throws: `QuantizeError.usage`.
  func target(
    for input: FileLocation
  ) throws(QuantizeError) -> (location: FileLocation, format: OutputFormat) {
    try check(for: input)
    let format = try outputFormat()
    let location =
      output.map(FileLocation.init(argument:))
      ?? beside(input, ext ?? "-quantized.\(format.usualExtension)")
    if location == .standardStream, Terminal.outputIsTerminal {
      throw .usage(
        "an image would be written to the terminal; name a file with -o")
    }
    return (location, format)
  }

  private func check(for input: FileLocation) throws(QuantizeError) {
    if let output, output.isEmpty {
      throw .usage("the file name of --output is empty")
    }
    guard let ext else { return }
    guard output == nil else {
      throw .usage("--ext and --output both name the output; give one of them")
    }
    guard !ext.isEmpty, !ext.contains("/") else {
      throw .usage(
        "--ext is the end of a file name, as in -small.png; name another "
          + "folder with --output")
    }
    guard input.path != nil else {
      throw .usage(
        "--ext needs an input with a name; name the output with --output")
    }
  }

  private func outputFormat() throws(QuantizeError) -> OutputFormat {
    if let format { return format }
    guard let name = ext.map({ "name\($0)" }) ?? output, name != "-",
      let ending = FilePath(argument: name).extension
    else { return .png }
    guard let format = OutputFormat(pathExtension: ending) else {
      throw .usage(
        "cannot write “.\(FilePath(ending).displayName)” files; use "
          + "\(OutputFormat.endings), or name the format with --format")
    }
    return format
  }

  /// Where the image goes if nobody names a file: beside the input.
  private func beside(
    _ input: FileLocation, _ ending: String
  ) -> FileLocation {
    guard let path = input.path, path.stem != nil else {
      return .standardStream
    }
    return .file(path.beside(ending: ending))
  }

  /// The format that `--format` names: one of its file endings.
  static func parseFormat(_ argument: String) throws -> OutputFormat {
    guard let format = OutputFormat(pathExtension: argument) else {
      throw ValidationError(
        "unknown format “\(argument)”; use \(OutputFormat.words)")
    }
    return format
  }
}
