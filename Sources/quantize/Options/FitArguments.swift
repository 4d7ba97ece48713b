import ArgumentParser
import Quantization
import QuantizeKit
import TruncatedEM

/// How the mixture is fitted.
struct FitArguments: ParsableArguments {
  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      C': how many clusters share a colour, 1 to k. 1 is k-means, k is full \
      EM. (default: 1)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var cprime: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Seed of the random search. The same seed gives the same bytes. (default: \
      0)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var seed: UInt64?

  @OptionGroup
  var search: SearchArguments

  /// C'.
  var truncation: Int { cprime ?? 1 }

  /// The options that are given and exclude others.
  var given: [GivenOption] { search.excluding }

  /// Options for a start, with all that this group says.
  ///
  /// - Parameter start: Where the fit starts.
  /// - Returns: Options whose other parts are the defaults.
  /// - Throws: `QuantizeError.usage`.
  func options(
    from start: QuantizerOptions.Start
  ) throws(QuantizeError) -> QuantizeOptions {
    let count = start.components
    // Given means may get one of complete transparency besides; whether they do is
    // not known before the image is.
    let most = start.isMeans ? count + 1 : count
    guard (1...most).contains(truncation) else {
      throw .usage(
        "--cprime must be 1 to the number of colours (\(count)), not "
          + "\(truncation)")
    }
    var options = QuantizeOptions(
      start: start, truncation: Truncation(truncation))
    options.quantizer.seed = seed ?? 0
    try search.apply(to: &options)
    return options
  }
}
