import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import TruncatedEM

/// What the result should look like, whatever its space and dithering.
struct AppearanceArguments: ParsableArguments {
  @Flag(
    help: """
      Aim for visual quality rather than PSNR. Sets --space oklab, --importance \
      auto and --dither floyd-steinberg unless you give others, then refines \
      single pixels. Pages that two colours show well are not dithered.
      """)
  var perceptual = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How strongly to dither, 0 to 1. (default: 0.85)", valueName: "x"),
    transform: NumberArgument.decimal)
  var ditherStrength: Double?

  @Option(
    help: ArgumentHelp(
      """
      Which pixels count most in the fit: auto (smooth areas more than \
      texture), none, or an image file, where brighter pixels count more. \
      (default: none)
      """, valueName: "file"),
    completion: FileKinds.image)
  var importance: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Weight each colour by its number of pixels to the power x, 0 to 1. Below \
      1, small areas keep their colours. (default: 1)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var balance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Give regions of fewer than n pixels the colour of a neighbour. It is the \
      one most responsible for them. Not with dithering. (default: 1)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var minRegion: Int?

  /// The options that name files.
  var files: [(option: String, value: String?)] {
    [("--importance", importance)]
  }

  /// The options that are given.
  ///
  /// - Parameter choosesDithering: Whether `--perceptual` has its say on how to
  ///   dither, as no method is given.
  /// - Returns: Them, as ``OptionRules`` know them.
  func given(choosesDithering: Bool) -> [GivenOption] {
    GivenOption.list([
      "--perceptual": perceptual && choosesDithering,
      "--dither-strength": ditherStrength != nil,
      "--importance": importance != nil, "--balance": balance != nil,
      "--min-region": minRegion != nil,
    ])
  }

  /// The working space where none is given.
  var space: WorkingSpace { perceptual ? .oklab : .srgb }

  /// The way to dither where none is given.
  var method: DitherMethod {
    perceptual ? .errorDiffusion(.floydSteinberg) : .none
  }

  /// How to dither.
  ///
  /// - Parameters:
  ///   - given: The method that is given, if one is.
  ///   - effort: How much time to spend.
  /// - Returns: The method, or the one that belongs to `--perceptual`, with all
  ///   that the options say of it.
  /// - Throws: `QuantizeError.usage`.
  func dithering(
    _ given: DitherMethod?, _ effort: Effort
  ) throws(QuantizeError) -> DitherOptions {
    if let ditherStrength, !(0...1).contains(ditherStrength) {
      throw .usage("--dither-strength must be 0 to 1, not \(ditherStrength)")
    }
    let method = given ?? method
    guard method != .none else { return DitherOptions() }
    var options = DitherOptions(method, effort: effort)
    options.strength = ditherStrength ?? options.strength
    if perceptual { options.sweeps = DitherOptions.sweeps(for: effort) }
    options.sparesTwoTones = perceptual && given == nil
    return options
  }

  /// Sets what counts while colours are fitted, and how small regions may be.
  ///
  /// - Parameters:
  ///   - options: Of which it is known how images are read.
  ///   - events: Told of what was skipped in a file that the options name.
  /// - Throws: `QuantizeError`.
  func weigh(
    _ options: inout QuantizeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) {
    if let minRegion {
      guard minRegion >= 1 else {
        throw .usage("--min-region must be 1 or more, not \(minRegion)")
      }
      options.quantizer.leastRegion = minRegion
    }
    if let balance {
      guard (0...1).contains(balance) else {
        throw .usage("--balance must be 0 to 1, not \(balance)")
      }
      options.quantizer.balance = balance
    }
    switch importance ?? (perceptual ? "auto" : "none") {
    case "none":
      options.quantizer.importance = .none
    case "auto":
      options.quantizer.importance = .automatic
    case "":
      throw .usage("the file name of --importance is empty")
    case let name:
      let file = FileLocation(argument: name)
      options.files.append(file)
      options.quantizer.importance = .map(
        try ImportanceFile.read(file, options.decoding, events: events))
    }
  }
}
