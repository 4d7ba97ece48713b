import ArgumentParser
import ImageFormats
import QuantizeKit

/// What is printed instead of doing a job: help, the version, or a script for
/// a shell.
///
/// It is found before anything is parsed, so that `-h` helps whatever else is
/// wrong.
enum HelpRequest {
  /// The text that the arguments ask for, if they do.
  ///
  /// - Parameter arguments: All but the process's own name.
  /// - Returns: The text without a line break at its end; `nil` where a job is
  ///   asked for.
  /// - Throws: `QuantizeError.usage` for help of a command that does not exist,
  ///   and for an unknown shell.
  static func text(_ arguments: [String]) throws(QuantizeError) -> String? {
    let options = arguments.prefix { $0 != "--" }
    if let at = options.firstIndex(where: {
      $0 == scriptOption || $0.hasPrefix(scriptOption + "=")
    }) {
      let value =
        options[at].contains("=")
        ? String(options[at].dropFirst(scriptOption.count + 1))
        : options.dropFirst(at + 1).first ?? ""
      return try CompletionScript.text(for: value)
    }
    if options.contains("-V") || options.contains("--version") {
      return version
    }
    if options.first == "help" {
      return long(try command(arguments.dropFirst().first))
    }
    let command = RootCommand.command(named: arguments.first)
    if options.contains("--help") { return long(command) }
    if options.contains("-h") { return short(command) }
    return nil
  }

  /// The text that flags of a parsed command ask for: `-qh`.
  static func text(_ command: any JobCommand) -> String? {
    if command.common.version { return version }
    if command.common.longHelp { return long(type(of: command)) }
    if command.common.shortHelp { return short(type(of: command)) }
    return nil
  }

  /// Asks the parser for a description of all commands, in JSON, from which the
  /// manual pages are made.
  static let description = "--experimental-dump-help"

  private static let scriptOption = "--generate-completion-script"

  private static let version = "\(Version.name) \(Version.number)"

  private static func command(
    _ name: String?
  ) throws(QuantizeError) -> (any JobCommand.Type)? {
    guard let name, !name.hasPrefix("-") else { return nil }
    if let command = RootCommand.command(named: name) { return command }
    if name == Version.name { return nil }
    let suggestion = Suggestion.command(for: name).map {
      "; did you mean `\(Version.name) help \($0)`?"
    }
    throw .usage(
      "there is no command “\(name)”"
        + (suggestion
          ?? "; use \(TextList.or(RootCommand.names))")
    )
  }

  private static func long(_ command: (any JobCommand.Type)?) -> String {
    let command = command ?? QuantizeCommand.self
    return RootCommand.helpMessage(for: command).trimmingEnd()
  }

  private static func short(_ command: (any JobCommand.Type)?) -> String {
    ShortHelp.text(of: command ?? QuantizeCommand.self)
  }
}

extension String {
  /// The text without line breaks at its end.
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last?.isNewline == true { text = text.dropLast() }
    return String(text)
  }
}
