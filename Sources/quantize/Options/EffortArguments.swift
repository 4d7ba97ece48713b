import ArgumentParser
import Quantization
import QuantizeKit
import TruncatedEM

/// How hard a mixture is searched and fitted.
struct EffortArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How hard to search, 1 (fast) to 10 (best). \
      (default: \(Effort.standard.level))
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var effort: Int?

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      "The effort on pngquant's scale, 1 (best) to 11 (fast).", valueName: "n"),
    transform: NumberArgument.whole)
  var speed: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Stop EM after n iterations; 0 keeps the initial means. (default: by \
      the effort; 300 with --init)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var maxIterations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Stop EM when the objective changes by less than this fraction; 0 makes \
      every iteration. (default: by the effort; 1e-6 with --init)
      """, valueName: "x"),
    transform: NumberArgument.decimal)
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      """
      Acceleration of EM: \(Names.accelerations.text). (default: anderson where \
      C' > 1; none with --init)
      """, valueName: "kind"),
    completion: Names.accelerations.completion,
    transform: Names.accelerations.parse)
  var acceleration: Acceleration?

  @Option(
    help: ArgumentHelp(
      "Mixing weights of the clusters: \(Names.mixings.text). (default: equal)",
      valueName: "kind"),
    completion: Names.mixings.completion, transform: Names.mixings.parse)
  var mixing: MixingWeights?

  /// The options that are given, all of which are for a fit.
  var given: [GivenOption] {
    excluding
      + GivenOption.list([
        "--max-iterations": maxIterations != nil,
        "--tolerance": tolerance != nil, "--acceleration": acceleration != nil,
        "--mixing": mixing != nil,
      ])
  }

  /// The options that are given and exclude others.
  var excluding: [GivenOption] {
    GivenOption.list(["--effort": effort != nil, "--speed": speed != nil])
  }

  /// Puts what the options ask for into those of a fit.
  ///
  /// - Parameter options: Get all that this group says.
  /// - Throws: `QuantizeError.usage`.
  func apply(to options: inout QuantizerOptions) throws(QuantizeError) {
    if let maxIterations, maxIterations < 0 {
      throw .usage("--max-iterations must be 0 or more, not \(maxIterations)")
    }
    if let tolerance, tolerance < 0 {
      throw .usage("--tolerance must be 0 or more, not \(tolerance)")
    }
    options.effort = try searchEffort()
    options.maximumIterations = maxIterations
    options.tolerance = tolerance
    options.acceleration = acceleration
    options.mixing = mixing ?? options.mixing
  }

  /// The efforts that stand for pngquant's speeds, from 1 to 11: its default, 4,
  /// is ours.
  private static let efforts = [10, 8, 6, 5, 4, 4, 3, 3, 2, 2, 1]

  private func searchEffort() throws(QuantizeError) -> Effort {
    var level = effort ?? Effort.standard.level
    if let speed {
      guard (1...Self.efforts.count).contains(speed) else {
        throw .usage("--speed must be 1 to 11, not \(speed)")
      }
      level = Self.efforts[speed - 1]
    }
    do {
      return try Effort(level)
    } catch {
      throw .usage(error.message)
    }
  }
}
