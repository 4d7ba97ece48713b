import ArgumentParser
import QuantizeKit
import TruncatedEM

/// How the mixture of an image's colours is searched and fitted, whatever its C' and
/// seed.
struct SearchArguments: ParsableArguments {
  @OptionGroup
  var effort: EffortArguments

  @Option(
    help: ArgumentHelp(
      "Variance of the clusters: \(Names.variances.text). (default: shared)",
      valueName: "kind"),
    completion: Names.variances.completion, transform: Names.variances.parse)
  var variance: CovarianceType?

  /// The options that are given, all of which are for a fit.
  var given: [GivenOption] {
    effort.given + GivenOption.list(["--variance": variance != nil])
  }

  /// The options that are given and exclude others.
  var excluding: [GivenOption] { effort.excluding }

  /// Puts what the options ask for into those of an image.
  ///
  /// - Parameter options: Get all that this group says.
  /// - Throws: `QuantizeError.usage`.
  func apply(to options: inout QuantizeOptions) throws(QuantizeError) {
    try effort.apply(to: &options.quantizer)
    options.quantizer.variance = variance ?? options.quantizer.variance
  }
}
