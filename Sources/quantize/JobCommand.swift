import ArgumentParser
import QuantizeKit

/// A command that does a job: what it throws becomes one line and an exit
/// status.
protocol JobCommand: ParsableCommand {
  /// Does the job that the options describe.
  ///
  /// - Throws: `QuantizeError`.
  func execute() throws(QuantizeError)
}

extension JobCommand {
  /// How to ask for the command's help.
  static var helpCall: String {
    self == QuantizeCommand.self
      ? "\(Version.name) --help"
      : "\(Version.name) \(configuration.commandName ?? "") --help"
  }
}
