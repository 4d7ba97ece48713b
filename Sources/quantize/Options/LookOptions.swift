import ArgumentParser
import ColorModels
import ImageFormats
import Quantization
import QuantizeKit

/// What the result should look like: the space in which colours are compared,
/// what counts, and dithering.
struct LookOptions: ParsableArguments {
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

  @OptionGroup
  var appearance: AppearanceArguments

  /// The method that is given, by either option.
  private var method: DitherMethod? { nofs ? DitherMethod.none : dither }

  /// The options that are given and exclude or need others.
  var given: [GivenOption] {
    GivenOption.list([
      "--nofs": nofs, "--dither": dither != nil && dither != DitherMethod.none,
    ]) + appearance.given(choosesDithering: method == nil)
  }

  private var chosenSpace: WorkingSpace { space ?? appearance.space }

  /// Puts what the options ask for into those of an image.
  ///
  /// - Parameters:
  ///   - options: Of which the effort and how images are read are known.
  ///   - events: Told of what was skipped in a file that the options name.
  /// - Throws: `QuantizeError`.
  func apply(
    to options: inout QuantizeOptions, _ events: JobEvent.Observer
  ) throws(QuantizeError) {
    options.quantizer.space = try Self.space(chosenSpace, of: options)
    options.quantizer.dither = try appearance.dithering(
      method, options.quantizer.effort)
    try appearance.weigh(&options, events)
  }

  /// A working space of the images that are read.
  ///
  /// - Throws: `QuantizeError.usage` where their primaries are not known.
  static func space(
    _ space: WorkingSpace, of options: QuantizeOptions
  ) throws(QuantizeError) -> CompositeSpace {
    switch options.decoding.target {
    case .sRGB: return CompositeSpace(space)
    case .displayP3: return CompositeSpace(space, in: .displayP3)
    case .input:
      guard space == .srgb else {
        throw .usage(
          "--space \(space.rawValue) needs known primaries; use "
            + "--output-profile p3 instead of input")
      }
      return CompositeSpace(space)
    }
  }
}
