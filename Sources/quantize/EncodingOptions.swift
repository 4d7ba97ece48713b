import ArgumentParser
import ImageFormats
import QuantizeKit

/// How the output file is written.
struct EncodingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How hard to compress a PNG, 0 (not at all) to 9. (default: by the \
      effort, 4 to 9)
      """, valueName: "n"))
  var compression: Int?

  @Flag(
    help: """
      Search for the smallest file with the same pixels; encoding takes some \
      ten times as long.
      """)
  var optimize = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The quality of a JPEG, 1 to 100. (default: 90)", valueName: "n"))
  var jpegQuality: Int?

  @Option(
    help: ArgumentHelp(
      """
      The resolution of a JPEG's colour: 4:4:4, 4:2:2 or 4:2:0. (default: \
      4:4:4 from quality 90 on, else 4:2:0)
      """, valueName: "ratio"),
    transform: parseSubsampling)
  var jpegSubsampling: ChromaSubsampling?

  @Flag(help: "Carry Exif and XMP over as well; by default they are dropped.")
  var keepMetadata = false

  @Flag(
    help: """
      Carry nothing over but a profile, not even the mark of sRGB and the \
      density.
      """)
  var strip = false

  @Flag(
    help: """
      Write nothing where the image would not be smaller than the input file; \
      exit status 98.
      """)
  var skipIfLarger = false

  /// What the options ask for.
  ///
  /// - Parameter format: The output's.
  /// - Returns: How to write it.
  /// - Throws: `QuantizeError.usage` for what is out of range, contradicts
  ///   itself or is for another format.
  func encoding(_ format: OutputFormat) throws(QuantizeError) -> ImageEncoding {
    let given: [(option: String, isGiven: Bool, format: OutputFormat)] = [
      ("--compression", compression != nil, .png),
      ("--jpeg-quality", jpegQuality != nil, .jpeg),
      ("--jpeg-subsampling", jpegSubsampling != nil, .jpeg),
    ]
    for (option, isGiven, other) in given where isGiven && other != format {
      throw .usage(
        "\(option) is for a \(other.name), but the output is a \(format.name);"
          + " leave it out or name another output")
    }
    if let compression, !(0...9).contains(compression) {
      throw .usage("--compression must be 0 to 9, not \(compression)")
    }
    if let jpegQuality, !(1...100).contains(jpegQuality) {
      throw .usage("--jpeg-quality must be 1 to 100, not \(jpegQuality)")
    }
    guard compression == nil || !optimize else {
      throw .usage(
        "--compression contradicts --optimize, which compresses as hard as it "
          + "can; leave one out")
    }
    guard !(keepMetadata && strip) else {
      throw .usage(
        "--keep-metadata and --strip contradict each other; give one of them")
    }
    var encoding = ImageEncoding()
    encoding.format = format
    encoding.compressionLevel = compression
    encoding.optimizes = optimize
    encoding.jpegQuality = jpegQuality ?? encoding.jpegQuality
    encoding.chromaSubsampling = jpegSubsampling
    if keepMetadata { encoding.metadata = .everything }
    if strip { encoding.metadata = .nothing }
    return encoding
  }

  /// Reads `4:2:0` or `420`.
  private static func parseSubsampling(
    _ argument: String
  ) throws -> ChromaSubsampling {
    let digits = argument.filter { $0 != ":" }
    guard let subsampling = ChromaSubsampling(rawValue: digits),
      argument == digits
        || argument
          == digits.map(String.init).joined(
            separator: ":")
    else {
      throw ValidationError(
        "there is no subsampling “\(argument)”; 4:4:4, 4:2:2 and 4:2:0 are")
    }
    return subsampling
  }
}
