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
      next to the input; standard output if the input is standard input)
      """, valueName: "file"),
    completion: FileKinds.image)
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Write next to the input, with this instead of its file ending, such as \
      -small.png.
      """, valueName: "ending"))
  var ext: String?

  @Option(
    help: ArgumentHelp(
      """
      Format of the image: \(Names.images.text). (default: by the ending of \
      the output, else png)
      """, valueName: "format"),
    completion: Names.images.completion, transform: Names.images.parse)
  var format: OutputFormat?

  @OptionGroup
  var replacing: ForceOption

  /// The options that are given and exclude others.
  var given: [GivenOption] {
    GivenOption.list(["--ext": ext != nil, "--output": output != nil])
  }

  /// The image to write.
  ///
  /// - Parameter input: The image that is read.
  /// - Returns: Its place, and its format: what `--format` says, or else the
  ///   ending of its name.
  /// - Throws: `QuantizeError.usage` or `.cannotCreate`.
  func target(
    for input: FileLocation
  ) throws(QuantizeError) -> (location: FileLocation, format: OutputFormat) {
    try check(for: input)
    let named = try OutputArgument.file(output, of: "--output")
    let format = try outputFormat()
    let location =
      named ?? Self.nextTo(input, ext ?? "-quantized.\(format.usualExtension)")
    try OutputArgument.checkTerminal(location, option: "-o")
    return (location, format)
  }

  /// The outputs of many images.
  ///
  /// - Returns: Where they go, and their format.
  /// - Throws: `QuantizeError.usage`.
  func targets() throws(QuantizeError) -> (BatchDestination, OutputFormat) {
    guard output == nil else {
      throw .usage(
        "--output names one file, but many images are given; name an ending "
          + "with --ext, or a folder with `quantize batch`")
    }
    if let ext { try Self.checkEnding(ext) }
    let format = try outputFormat()
    return (
      .beside(ending: ext ?? "-quantized.\(format.usualExtension)"), format
    )
  }

  private func check(for input: FileLocation) throws(QuantizeError) {
    guard let ext else { return }
    try Self.checkEnding(ext)
    guard input.path != nil else {
      throw .usage(
        "--ext needs an input with a name; name the output with --output")
    }
  }

  /// Refuses what cannot be the end of a file name.
  ///
  /// - Throws: `QuantizeError.usage`.
  static func checkEnding(_ ext: String) throws(QuantizeError) {
    guard !ext.isEmpty, !ext.contains("/") else {
      throw .usage(
        "--ext is the end of a file name, such as -small.png; use --output to "
          + "name another folder")
    }
  }

  private func outputFormat() throws(QuantizeError) -> OutputFormat {
    try Self.format(format, output: ext.map { "name\($0)" } ?? output)
  }

  /// The format that is written.
  ///
  /// - Parameters:
  ///   - format: What `--format` says.
  ///   - name: The name of the output.
  /// - Returns: The format: what `--format` says, or else the ending.
  /// - Throws: `QuantizeError.usage`.
  static func format(
    _ format: OutputFormat?, output name: String?
  ) throws(QuantizeError) -> OutputFormat {
    if let format { return format }
    guard let name, name != "-",
      let ending = FilePath(argument: name).extension
    else { return .png }
    guard let format = OutputFormat(pathExtension: ending) else {
      throw .usage(
        "cannot write “.\(FilePath(ending).displayName)” files; use "
          + "\(OutputFormat.endings), or name the format with --format")
    }
    return format
  }

  /// Where the image goes if no file is named: next to the input.
  ///
  /// - Parameters:
  ///   - input: The image that is read.
  ///   - ending: What takes the place of its file ending.
  /// - Returns: Standard output where the input has no name.
  static func nextTo(
    _ input: FileLocation, _ ending: String
  ) -> FileLocation {
    guard let path = input.path, path.stem != nil else {
      return .standardStream
    }
    return .file(path.beside(ending: ending))
  }
}
