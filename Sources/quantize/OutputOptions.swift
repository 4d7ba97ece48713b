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
    help: ArgumentHelp(
      "png or jpeg. (default: by the ending of the output, or png)",
      valueName: "format"),
    transform: parseFormat)
  var format: ImageFormat?

  @Flag(help: "Replace files that exist.")
  var force = false

  /// The image to write.
  ///
  /// - Parameter input: The image that is read.
  /// - Returns: Its place, and its format: what `--format` says, or else the
  ///   ending of its name.
  /// - Throws: `QuantizeError.usage`.
  func target(
    for input: FileLocation
  ) throws(QuantizeError) -> (location: FileLocation, format: ImageFormat) {
    if let output, output.isEmpty {
      throw .usage("the file name of --output is empty")
    }
    let format = try outputFormat()
    let location =
      output.map(FileLocation.init(argument:)) ?? beside(input, format)
    if location == .standardStream, Terminal.outputIsTerminal {
      throw .usage(
        "an image would be written to the terminal; name a file with -o")
    }
    return (location, format)
  }

  private func outputFormat() throws(QuantizeError) -> ImageFormat {
    if let format { return format }
    guard let output, output != "-",
      let ending = FilePath(output).extension
    else { return .png }
    guard let format = ImageFormat(pathExtension: ending) else {
      throw .usage(
        "cannot write “.\(FilePath(ending).displayName)” files; use .png or "
          + ".jpg, or name the format with --format")
    }
    return format
  }

  /// Where the image goes if nothing is said: beside the input.
  private func beside(
    _ input: FileLocation, _ format: ImageFormat
  ) -> FileLocation {
    guard var path = input.path, let stem = path.stem else {
      return .standardStream
    }
    path.removeLastComponent()
    return .file(path.appending("\(stem)-quantized.\(format.usualExtension)"))
  }

  /// The format that `--format` names: one of its file endings.
  private static func parseFormat(_ argument: String) throws -> ImageFormat {
    guard let format = ImageFormat(pathExtension: argument) else {
      throw ValidationError(
        "there is no format “\(argument)”; png and jpeg are")
    }
    return format
  }
}

extension ImageFormat {
  /// The ending of files in the format.
  fileprivate var usualExtension: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    }
  }
}
