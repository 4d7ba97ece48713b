import ArgumentParser
import ImageFormats
import QuantizeKit

/// All that says how an image is quantised, for every command that does.
struct ImageOptions: ParsableArguments {
  @OptionGroup(title: "Colours")
  var palette: PaletteOptions

  @OptionGroup(title: "Fit")
  var fit: FitArguments

  @OptionGroup(title: "Colour space")
  var space: ColorOptions

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "File")
  var encoding: EncodingOptions

  /// What the options ask for.
  ///
  /// - Parameter format: The format that is written.
  /// - Returns: Options for one image or many.
  /// - Throws: `QuantizeError.usage`, or what reading the files named throws.
  func options(
    writing format: ImageFormat
  ) throws(QuantizeError) -> QuantizeOptions {
    let encoding = try encoding.encoding(format)
    let space = try space.target(for: palette)
    let posterization = try palette.posterization()
    var options = try fit.options(from: try palette.start())
    options.posterization = posterization
    options.colorTarget = space
    options.alpha = try alpha.treatment()
    options.encoding = encoding
    return options
  }
}
