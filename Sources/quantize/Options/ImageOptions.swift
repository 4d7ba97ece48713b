import ArgumentParser
import ImageFormats
import Quantization
import QuantizeKit

/// How an image is quantised, for every command that writes images.
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

  @OptionGroup(title: "File")
  var encoding: EncodingOptions

  @OptionGroup(title: "Input")
  var page: PageOption

  @OptionGroup(title: "Input")
  var damaged: KeepGoingOption

  /// The options that are given and exclude others.
  var given: [GivenOption] {
    palette.given + fit.given + look.given + space.given + alpha.given
      + encoding.given
  }

  /// What the options ask for.
  ///
  /// - Parameters:
  ///   - format: The format that is written; `nil` for that of each input.
  ///   - common: Threads and limits.
  /// - Returns: Options for one image or many.
  /// - Throws: `QuantizeError.usage`, or what reading the files named throws.
  func options(
    writing format: OutputFormat?, _ common: CommonOptions
  ) throws(QuantizeError) -> QuantizeOptions {
    let encoding = try encoding.encoding(format)
    var options = try QuantizeOptions(palette, fit, alpha, damaged, common)
    options.decoding.target = space.target
    options.decoding.page = page.page
    options.encoding = encoding
    options.quantizer.depth = try self.encoding.depth()
    guard format != .jpeg || options.quantizer.order.isOfUse else {
      throw .usage(
        "--keep-palette, --pins-first and --transparent-index are for a PNG, but "
          + "the output is a JPEG; leave them out or name another output")
    }
    try look.apply(to: &options, common.events)
    return options
  }
}

extension QuantizeOptions {
  /// What the options ask for that say which colours an image gets.
  ///
  /// - Parameters:
  ///   - palette: How many, and where they come from.
  ///   - fit: How they are fitted.
  ///   - alpha: What becomes of transparency.
  ///   - damaged: What is done with a damaged file.
  ///   - common: Threads and limits.
  ///   - colors: How many where no number is asked for.
  /// - Throws: `QuantizeError.usage`, or what reading the files named throws.
  init(
    _ palette: PaletteOptions, _ fit: FitArguments, _ alpha: AlphaOptions,
    _ damaged: KeepGoingOption, _ common: CommonOptions,
    colors: Int = PaletteSize.mostIndexed
  ) throws(QuantizeError) {
    try common.check()
    let posterization = try palette.posterization()
    let decoding = DecodeOptions(common, damaged)
    let given = try palette.given(decoding, common.events)
    self = try fit.options(
      from: try palette.start(given, standard: colors, common.limits))
    quantizer.order = try palette.order(given)
    quantizer.takesImageColors = palette.fromImage
    names = palette.names(given)
    files = palette.readFiles
    self.decoding = decoding
    quantizer.posterization = posterization
    quantizer.pinned = try palette.pinned(most: components)
    self.decoding.alpha = try alpha.treatment()
    threads = common.threadCount
  }
}
