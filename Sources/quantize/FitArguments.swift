import ArgumentParser
import Quantization
import QuantizeKit
import TruncatedEM

/// How the mixture is fitted.
struct FitArguments: ParsableArguments {
  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      "C': among how many clusters a colour is shared, 1 to k.",
      valueName: "n"))
  var cprime = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seed of the search; the same seed gives the same bytes.",
      valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup
  var search: SearchArguments

  /// Options for a start, with all that this group says.
  ///
  /// - Parameter start: Where the fit starts.
  /// - Returns: Options whose other parts are the defaults.
  /// - Throws: `QuantizeError.usage`.
  func options(
    from start: QuantizerOptions.Start
  ) throws(QuantizeError) -> QuantizeOptions {
    try search.check()
    let count = start.components
    guard (1...count).contains(cprime) else {
      throw .usage(
        "--cprime must be 1 to the number of colours (\(count)), not \(cprime)")
    }
    var options = QuantizeOptions(
      start: start, truncation: Truncation(cprime))
    options.quantizer.seed = seed
    try search.apply(to: &options)
    return options
  }

  /// The most threads to use.
  ///
  /// - Throws: `QuantizeError.usage`.
  func threadCount() throws(QuantizeError) -> Int {
    try search.check()
    return search.threadCount
  }
}
