import ArgumentParser
import QuantizeKit
import TruncatedEM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How the mixture is searched and fitted, whatever its C' and seed.
struct SearchArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How hard to search for a good palette, 1 (fast) to 10 (best). \
      (default: \(Effort.standard.level))
      """, valueName: "n"))
  var effort: Int?

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      "The effort on pngquant's scale, 1 (best) to 11 (fast).", valueName: "n"))
  var speed: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Most iterations of EM, 0 or more. (default: by the effort; 300 with \
      --init)
      """, valueName: "n"))
  var maxIterations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Relative change of the objective at which EM has converged; with 0 all \
      iterations are made. (default: by the effort; 1e-6 with --init)
      """, valueName: "x"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "Priors of the clusters: equal or learned.", valueName: "kind"))
  var mixing = FitOptions().mixingWeights

  @Option(
    help: ArgumentHelp(
      "Variances of the clusters: shared or per-component.",
      valueName: "kind"))
  var variance = FitOptions().covariance

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most threads, 1 or more; they do not change the output. "
        + "(default: one a core)",
      valueName: "n"))
  var threads: Int?

  /// The options that were given and say how to fit, by name.
  var given: [String] {
    [
      ("--effort", effort != nil), ("--speed", speed != nil),
      ("--max-iterations", maxIterations != nil),
      ("--tolerance", tolerance != nil),
      ("--mixing", mixing != FitOptions().mixingWeights),
      ("--variance", variance != FitOptions().covariance),
    ].filter(\.1).map(\.0)
  }

  /// The threads to use.
  var threadCount: Int {
    threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Puts what the options ask for into those of an image.
  ///
  /// - Parameter options: Get all that this group says.
  /// - Throws: `QuantizeError.usage`.
  func apply(to options: inout QuantizeOptions) throws(QuantizeError) {
    try check()
    options.quantizer.effort = try searchEffort()
    options.threads = threadCount
    options.quantizer.maximumIterations = maxIterations
    options.quantizer.tolerance = tolerance
    options.quantizer.mixing = mixing
    options.quantizer.variance = variance
  }

  /// The efforts that stand for pngquant's speeds, from 1 to 11: its default, 4,
  /// is ours.
  private static let efforts = [10, 8, 6, 5, 4, 4, 3, 3, 2, 2, 1]

  private func searchEffort() throws(QuantizeError) -> Effort {
    var level = effort ?? Effort.standard.level
    if let speed {
      guard effort == nil else {
        throw .usage("--speed contradicts --effort; give one of them")
      }
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

  /// Refuses what is out of range.
  ///
  /// - Throws: `QuantizeError.usage`.
  func check() throws(QuantizeError) {
    if let threads, threads < 1 {
      throw .usage("--threads must be 1 or more, not \(threads)")
    }
    if let maxIterations, maxIterations < 0 {
      throw .usage("--max-iterations must be 0 or more, not \(maxIterations)")
    }
    if let tolerance, !(tolerance >= 0 && tolerance.isFinite) {
      throw .usage("--tolerance must be 0 or more, not \(tolerance)")
    }
  }
}
