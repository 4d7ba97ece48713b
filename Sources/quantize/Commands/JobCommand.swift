import ArgumentParser
import QuantizeKit

/// A command that does a job: what it throws becomes one line and an exit
/// status.
protocol JobCommand: ParsableCommand {
  /// The options that all commands have.
  var common: CommonOptions { get }

  /// The options that `-h` shows, by their long names.
  static var dailyOptions: [String] { get }

  /// Does the job that the options describe.
  ///
  /// - Throws: `QuantizeError`.
  func execute() throws(QuantizeError)
}

extension JobCommand {
  /// The command as it is called: `quantize batch`.
  static var call: String {
    self == QuantizeCommand.self
      ? Version.name : "\(Version.name) \(configuration.commandName ?? "")"
  }

  /// How to ask for the command's help.
  static var helpCall: String { "\(call) --help" }
}
