import ArgumentParser
import ImageFormats
import ImageOutput
import QuantizeKit

/// How the bytes of an image file are made.
struct CompressionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Compression level of a PNG, 0 (none) to 9 (most). (default: 4 to 9, by \
      the effort)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var compression: Int?

  @Flag(
    help: """
      Search for the smallest file with the same pixels. Encoding takes about \
      ten times as long.
      """)
  var optimize = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Quality of a JPEG, 1 to 100. (default: 90)", valueName: "n"),
    transform: NumberArgument.whole)
  var jpegQuality: Int?

  @Option(
    help: ArgumentHelp(
      """
      Colour resolution of a JPEG: \(Names.subsamplings.text). (default: 4:4:4 \
      from quality 90, else 4:2:0)
      """, valueName: "ratio"),
    completion: Names.subsamplings.completion,
    transform: Names.subsamplings.parse)
  var jpegSubsampling: ChromaSubsampling?

  @Flag(help: "Keep Exif and XMP metadata. (default: drop them)")
  var keepMetadata = false

  @Flag(
    help: """
      Drop everything but a colour profile, even the sRGB mark and the density.
      """)
  var strip = false

  /// The options that are given and exclude others.
  var given: [GivenOption] {
    GivenOption.list([
      "--compression": compression != nil, "--optimize": optimize,
      "--keep-metadata": keepMetadata, "--strip": strip,
    ])
  }

  /// What the options ask for.
  ///
  /// - Parameter format: The output's; `nil` where there may be several.
  /// - Returns: How to write it.
  /// - Throws: `QuantizeError.usage` for what is out of range or is for another
  ///   format.
  func encoding(
    _ format: OutputFormat?
  ) throws(QuantizeError) -> ImageEncoding {
    let formats: [(option: String, isGiven: Bool, format: OutputFormat)] = [
      ("--compression", compression != nil, .png),
      ("--jpeg-quality", jpegQuality != nil, .jpeg),
      ("--jpeg-subsampling", jpegSubsampling != nil, .jpeg),
    ]
    for (option, isGiven, other) in formats where isGiven {
      try Self.check(option, isFor: other, format)
    }
    if let compression, !(0...9).contains(compression) {
      throw .usage("--compression must be 0 to 9, not \(compression)")
    }
    if let jpegQuality, !(1...100).contains(jpegQuality) {
      throw .usage("--jpeg-quality must be 1 to 100, not \(jpegQuality)")
    }
    var encoding = ImageEncoding()
    encoding.format = format ?? encoding.format
    encoding.compressionLevel = compression
    encoding.optimizes = optimize
    encoding.jpegQuality = jpegQuality ?? encoding.jpegQuality
    encoding.chromaSubsampling = jpegSubsampling
    if keepMetadata { encoding.metadata = .everything }
    if strip { encoding.metadata = .nothing }
    return encoding
  }

  /// Refuses an option for another format than the output's.
  ///
  /// - Throws: `QuantizeError.usage`.
  static func check(
    _ option: String, isFor other: OutputFormat, _ format: OutputFormat?
  ) throws(QuantizeError) {
    guard let format, other != format else { return }
    throw .usage(
      "\(option) is for a \(other.name), but the output is a \(format.name);"
        + " leave it out or name another output")
  }
}
