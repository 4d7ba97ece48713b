import ArgumentParser
import ImageFormats
import QuantizeKit

/// All that says how an image is quantised, for every command that does.
struct ImageOptions: ParsableArguments {
  @OptionGroup(title: "Colours")
  var palette: PaletteOptions

  @OptionGroup(title: "Fit")
  var fit: FitArguments

  @OptionGroup(title: "Look")
  var look: LookOptions

  @OptionGroup(title: "Colour space")
  var space: ColorOptions

  @OptionGroup(title: "Transparency")
  var alpha: AlphaOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @Flag(
    help: ArgumentHelp(
      """
      Of a damaged file, take the rows before the damage, and warn of those \
      that are lost.
      """))
  var keepGoing = false

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
    var options = try QuantizeOptions(palette, fit, alpha, limits)
    options.colorTarget = space
    options.encoding = encoding
    options.keepsGoing = keepGoing
    try look.apply(to: &options)
    return options
  }
}

extension QuantizeOptions {
  /// What the options ask for that say which colours an image gets.
  ///
  /// - Throws: `QuantizeError.usage`, or what reading the files named throws.
  init(
    _ palette: PaletteOptions, _ fit: FitArguments, _ alpha: AlphaOptions,
    _ limits: LimitOptions
  ) throws(QuantizeError) {
    let posterization = try palette.posterization()
    self = try fit.options(from: try palette.start(limits))
    self.posterization = posterization
    self.pinned = try palette.pinned(most: components)
    self.alpha = try alpha.treatment()
    self.limits = limits.limits
  }
}
