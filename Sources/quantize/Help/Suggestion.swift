import ImageFormats
import QuantizeKit
import SystemPackage

/// What a mistyped word was probably meant to be.
enum Suggestion {
  /// The command that a word looks like.
  ///
  /// - Parameter word: No command.
  /// - Returns: Its name; `nil` where none is close.
  static func command(for word: String) -> String? {
    let names = RootCommand.names
    let near = names.map { (name: $0, distance: distance(word, $0)) }
      .min { $0.distance < $1.distance }
    guard let near, near.distance <= 2, near.distance * 2 < near.name.count
    else { return nil }
    return near.name
  }

  /// Refuses a first argument that is neither a file nor a command, but looks
  /// like one.
  ///
  /// - Throws: `QuantizeError.usage`.
  static func check(_ arguments: [String]) throws(QuantizeError) {
    guard let word = arguments.first, !word.hasPrefix("-"),
      RootCommand.command(named: word) == nil, let name = command(for: word),
      (try? FilePath(argument: word).stat()) == nil
    else { return }
    throw .usage(
      "there is no command or file “\(FilePath(argument: word).displayName)”; "
        + "did you mean `\(Version.name) \(name)`?")
  }

  /// The other commands that have an option which a command does not know.
  ///
  /// - Parameters:
  ///   - arguments: All but the process's own name.
  ///   - command: The command that they call.
  /// - Returns: A sentence about the first such option.
  static func owner(
    ofUnknownOptionIn arguments: [String], of command: any JobCommand.Type
  ) -> String? {
    let own = options(of: command)
    for argument in arguments.prefix(while: { $0 != "--" })
    where argument.hasPrefix("--") {
      let option = String(argument.prefix { $0 != "=" })
      guard !own.contains(option) else { continue }
      let all =
        [QuantizeCommand.self as any JobCommand.Type] + RootCommand.named
      let owners = all.filter { options(of: $0).contains(option) }.map {
        "`\($0.call)`"
      }
      guard !owners.isEmpty else { continue }
      return "\(option) is an option of \(TextList.and(owners)), not of "
        + "`\(command.call)`"
    }
    return nil
  }

  /// The long names of a command's options.
  private static func options(of command: any JobCommand.Type) -> Set<String> {
    let help = RootCommand.helpMessage(for: command, columns: 10_000)
    var names: Set<String> = []
    for line in help.split(separator: "\n") where line.hasPrefix("  -") {
      for word in line.split(whereSeparator: { " ,/".contains($0) })
        .prefix(while: { $0.hasPrefix("-") })
      {
        names.insert(String(word))
      }
    }
    return names
  }

  /// How many letters are inserted, removed, replaced or exchanged with their
  /// neighbour.
  ///
  /// - Complexity: O(length · length).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j + 1] + 1, row[j] + 1)
        best = min(best, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
