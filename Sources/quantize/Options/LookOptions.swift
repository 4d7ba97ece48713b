import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import TruncatedEM

/// What the result should look like: the space in which colours are compared,
/// what counts, and dithering.
struct LookOptions: ParsableArguments {
  @Flag(
    help: """
      Aim for visual quality rather than PSNR. Sets --space oklab, --importance \
      auto and --dither floyd-steinberg unless you give others, then refines \
      single pixels. Pages that two colours show well are not dithered.
      """)
  var perceptual = false

  @Option(
    help: ArgumentHelp(
      """
      Working space: \(Names.spaces.text). Colours are compared and dithered in \
      it. (default: srgb)
      """, valueName: "name"),
    completion: Names.spaces.completion, transform: Names.spaces.parse)
  var space: WorkingSpace?

  @Option(
    help: ArgumentHelp(
      """
      Dither the result. Use \(Names.dithers.text). (default: none)
      """, valueName: "method"),
    completion: Names.dithers.completion, transform: Names.dithers.parse)
  var dither: DitherMethod?

  @Flag(
    name: [.customLong("nofs"), .customLong("ordered")],
    help: "The same as --dither none, for pngquant's users.")
  var nofs = false

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

  /// The options that name files.
  var files: [(option: String, value: String?)] {
    [("--importance", importance)]
  }

  /// The options that are given and exclude or need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--nofs": nofs, "--dither": dither != nil && dither != DitherMethod.none,
      "--dither-strength": ditherStrength != nil,
      "--perceptual": perceptual && !nofs && dither == nil,
    ])
  }

  private var chosenSpace: WorkingSpace {
    space ?? (perceptual ? .oklab : .srgb)
  }

  /// Puts what the options ask for into those of an image.
  ///
  /// - Parameters:
  ///   - options: Of which the effort and how images are read are known.
  ///   - events: Told of what was skipped in a file that the options name.
  /// - Throws: `QuantizeError`.
  func apply(
    to options: inout QuantizeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) {
    options.quantizer.space = CompositeSpace(
      chosenSpace, in: try gamut(of: options))
    options.quantizer.dither = try dithering(options.quantizer.effort)
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

  /// The colours of the greatest samples, for spaces that depend on them.
  private func gamut(
    of options: QuantizeOptions
  ) throws(QuantizeError) -> RGBGamut {
    switch options.decoding.target {
    case .sRGB: return .sRGB
    case .displayP3: return .displayP3
    case .input:
      guard chosenSpace == .srgb else {
        throw .usage(
          "--space \(chosenSpace.rawValue) needs known primaries; use "
            + "--output-profile p3 instead of input")
      }
      return .sRGB
    }
  }

  private func dithering(
    _ effort: Effort
  ) throws(QuantizeError) -> DitherOptions {
    var options = DitherOptions()
    options.method =
      nofs
      ? .none
      : dither ?? (perceptual ? .errorDiffusion(.floydSteinberg) : .none)
    options.strength = try Self.strength(ditherStrength) ?? options.strength
    guard options.method != .none else { return DitherOptions() }
    options.rounds = DitherOptions.rounds(for: effort)
    if perceptual { options.sweeps = DitherOptions.sweeps(for: effort) }
    options.sparesTwoTones = perceptual && dither == nil
    return options
  }

  /// Checks a strength.
  ///
  /// - Throws: `QuantizeError.usage`.
  static func strength(_ strength: Double?) throws(QuantizeError) -> Double? {
    if let strength, !(0...1).contains(strength) {
      throw .usage("--dither-strength must be 0 to 1, not \(strength)")
    }
    return strength
  }
}
