import ArgumentParser
import QuantizeKit

/// The help that fits a screen: the most used options of a command, each with
/// the first sentence of its help.
enum ShortHelp {
  /// The column in which descriptions begin.
  private static let column = 26

  /// The help of a command.
  static func text(of command: any JobCommand.Type) -> String {
    let configuration = command.configuration
    let entries = entries(of: command)
    let lines = command.dailyOptions.compactMap { option in
      entries.first { $0.names.contains(option[...]) }.map(line)
    }
    var text = """
      \(configuration.abstract)

      USAGE: \(indented(configuration.usage ?? ""))

      \(lines.joined(separator: "\n"))

      """
    if command == QuantizeCommand.self {
      let names = RootCommand.names + ["help"]
      text += "\nCommands: \(names.joined(separator: ", "))"
    }
    return text + "\n`\(command.helpCall)` shows all options, and examples."
  }

  /// An option as the long help lists it.
  private struct Entry {
    let label: String
    let help: String

    /// Its names: `-k` and `--colors` of `-k, --colors <n>`.
    var names: [Substring] {
      label.split { $0 == " " || $0 == "," || $0 == "/" }
    }
  }

  /// What the long help says, read from lines that are never broken.
  private static func entries(of command: any JobCommand.Type) -> [Entry] {
    let help = RootCommand.helpMessage(for: command, columns: 10_000)
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.compactMap { i in
      let line = lines[i]
      guard line.hasPrefix("  -") else { return nil }
      if let gap = line.dropFirst(2).firstRange(of: "  ") {
        return Entry(
          label: String(line[..<gap.lowerBound].dropFirst(2)),
          help: String(line[gap.upperBound...].drop { $0 == " " }))
      }
      // A long label has its help on the next line, or behind a single space.
      let next = lines.indices.contains(i + 1) ? lines[i + 1] : ""
      let end = line.count >= column && line.dropFirst(column - 1).first == " "
      return end
        ? Entry(
          label: String(line.prefix(column).dropFirst(2)),
          help: String(line.dropFirst(column)))
        : Entry(
          label: String(line.dropFirst(2)),
          help: String(next.drop { $0 == " " }))
    }
  }

  private static func line(_ entry: Entry) -> String {
    let label = "  " + entry.label
    let gap = String(repeating: " ", count: max(1, column - label.count))
    return label + gap + firstSentence(of: entry.help)
  }

  private static func firstSentence(of text: String) -> Substring {
    let end = [". ", "; ", " (default"].compactMap {
      text.firstRange(of: $0)?.lowerBound
    }.min()
    let sentence = text[..<(end ?? text.endIndex)]
    return sentence.last == "." ? sentence.dropLast() : sentence
  }

  private static func indented(_ usage: String) -> String {
    usage.split(separator: "\n").joined(separator: "\n       ")
  }
}
