import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import TruncatedEM

/// What the result should look like: in which space colours are compared, what
/// counts, and dithering.
struct LookOptions: ParsableArguments {
  @Flag(
    help: """
      What looks best: --space oklab --importance auto --dither \
      floyd-steinberg, unless other ones are given, and single pixels exchanged \
      at the end.
      """)
  var perceptual = false

  @Option(
    help: ArgumentHelp(
      """
      Where colours are compared: srgb, linear, oklab or lab. (default: srgb)
      """, valueName: "name"),
    transform: parseSpace)
  var space: WorkingSpace?

  @Option(
    help: ArgumentHelp(
      """
      \(TextList.or(DitherMethod.all.map(\.name))). (default: none)
      """, valueName: "method"),
    transform: parseMethod)
  var dither: DitherMethod?

  @Flag(
    name: [.customLong("nofs"), .customLong("ordered")],
    help: "--dither none, as pngquant calls it.")
  var nofs = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How strongly to dither, 0 to 1. (default: 0.85)", valueName: "x"))
  var ditherStrength: Double?

  @Option(
    help: ArgumentHelp(
      """
      What counts while colours are fitted: auto (smooth areas more than \
      texture), none, or an image whose brightness says so. (default: none)
      """, valueName: "file"))
  var importance: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The power of its number of pixels by which a colour counts, 0 to 1: below \
      1 small areas keep their colours. (default: 1)
      """, valueName: "x"))
  var balance: Double?

  /// The options that name files.
  var files: [(option: String, value: String?)] {
    [("--importance", importance)]
  }

  /// Puts what the options ask for into those of an image.
  ///
  /// - Parameter options: Of which the effort and the target space are known.
  /// - Throws: `QuantizeError`.
  func apply(to options: inout QuantizeOptions) throws(QuantizeError) {
    options.quantizer.space = CompositeSpace(
      space ?? (perceptual ? .oklab : .srgb), in: try gamut(of: options))
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
      options.quantizer.importance = .map(
        try ImportanceFile.read(
          FileLocation(argument: name), limits: options.decoding.limits))
    }
  }

  /// What greatest samples look like, for spaces that ask.
  private func gamut(
    of options: QuantizeOptions
  ) throws(QuantizeError) -> RGBGamut {
    switch options.decoding.target {
    case .sRGB: return .sRGB
    case .displayP3: return .displayP3
    case .input:
      guard (space ?? (perceptual ? .oklab : .srgb)) == .srgb else {
        throw .usage(
          "--space \((space ?? .oklab).rawValue) needs known primaries; give "
            + "--output-profile p3 in place of input")
      }
      return .sRGB
    }
  }

  private func dithering(
    _ effort: Effort
  ) throws(QuantizeError) -> DitherOptions {
    var options = DitherOptions()
    guard !nofs || dither == nil || dither == DitherMethod.none else {
      throw .usage("--nofs contradicts --dither; leave one of them out")
    }
    options.method =
      nofs
      ? .none
      : dither ?? (perceptual ? .errorDiffusion(.floydSteinberg) : .none)
    if let ditherStrength {
      guard (0...1).contains(ditherStrength) else {
        throw .usage(
          "--dither-strength must be 0 to 1, not \(ditherStrength)")
      }
      guard options.method != .none else {
        throw .usage("--dither-strength needs a --dither to be strong")
      }
      options.strength = ditherStrength
    }
    guard options.method != .none else { return options }
    options.rounds = DitherOptions.rounds(for: effort)
    if perceptual { options.sweeps = DitherOptions.sweeps(for: effort) }
    return options
  }

  private static func parseSpace(_ argument: String) throws -> WorkingSpace {
    guard let space = WorkingSpace(rawValue: argument.lowercased()) else {
      throw ValidationError(
        "there is no space “\(argument)”; srgb, linear, oklab and lab are")
    }
    return space
  }

  private static func parseMethod(_ argument: String) throws -> DitherMethod {
    guard let method = DitherMethod(name: argument) else {
      throw ValidationError(
        "unknown dither method “\(argument)”; use "
          + TextList.or(DitherMethod.all.map(\.name)))
    }
    return method
  }
}
