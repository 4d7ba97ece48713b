import ArgumentParser
import ImageFormats
import QuantizeKit

/// All that says how an image is quantised, for every command that does.
struct ImageOptions: ParsableArguments {
  @OptionGroup(title: "Colours")
  var palette: PaletteOptions

  @OptionGroup(title: "Fit")
  var fit: FitArguments

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How hard to compress a PNG, 0 (not at all) to 9. (default: by the \
      effort, 4 to 9)
      """, valueName: "n"))
  var compression: Int?

  /// What the options ask for.
  ///
  /// - Parameter format: The format that is written.
  /// - Returns: Options for one image or many.
  /// - Throws: `QuantizeError.usage`, or what reading the files named throws.
  func options(
    writing format: ImageFormat
  ) throws(QuantizeError) -> QuantizeOptions {
    try checkCompression(format)
    let posterization = try palette.posterization()
    var options = try fit.options(from: try palette.start())
    options.posterization = posterization
    options.alpha = try alpha.treatment()
    options.format = format
    options.compressionLevel = compression
    return options
  }

  private func checkCompression(
    _ format: ImageFormat
  ) throws(QuantizeError) {
    guard let compression else { return }
    guard (0...9).contains(compression) else {
      throw .usage("--compression must be 0 to 9, not \(compression)")
    }
    guard format == .png else {
      throw .usage("--compression is for PNG; the output is a JPEG")
    }
  }
}
