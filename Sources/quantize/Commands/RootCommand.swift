import ArgumentParser
import QuantizeKit

/// The command line as a whole: the commands, and the one that runs where none
/// is named.
struct RootCommand: ParsableCommand {
  /// The commands that are called by name.
  static let named: [any JobCommand.Type] = [
    BatchCommand.self, CompareCommand.self, FitCommand.self,
    MetricsCommand.self, PaletteCommand.self, RecolorCommand.self,
    SegmentCommand.self,
    ServeCommand.self,
  ]

  /// Their names.
  static var names: [String] {
    named.map { $0.configuration.commandName ?? "" }
  }

  static let configuration = CommandConfiguration(
    commandName: Version.name,
    abstract: QuantizeCommand.configuration.abstract,
    subcommands: [QuantizeCommand.self] + named,
    defaultSubcommand: QuantizeCommand.self,
    // Every command declares its own, so that -h and --help may differ.
    helpNames: [])

  /// Lines with the name of each command and what it does.
  static var list: String {
    named.map { command in
      let name = command.configuration.commandName ?? ""
      let gap = String(repeating: " ", count: max(1, 10 - name.count))
      return "  \(name)\(gap)\(command.configuration.abstract)"
    }.joined(separator: "\n")
  }

  /// The command of a name, if there is one.
  static func command(named name: String?) -> (any JobCommand.Type)? {
    named.first { $0.configuration.commandName == name }
  }
}
