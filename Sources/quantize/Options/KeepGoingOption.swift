import ArgumentParser
import QuantizeKit

/// Damaged images, for all commands.
struct KeepGoingOption: ParsableArguments {
  @Flag(
    help: """
      Use the rows before the damage of a damaged file, with a warning. \
      (default: refuse it)
      """)
  var keepGoing = false
}

extension DecodeOptions {
  /// How all images are read that a command line names.
  ///
  /// - Parameters:
  ///   - common: Limits and threads.
  ///   - damaged: What is done with damaged files.
  init(_ common: CommonOptions, _ damaged: KeepGoingOption) {
    self.init()
    limits = common.limits
    threads = common.threadCount
    keepsGoing = damaged.keepGoing
  }
}
