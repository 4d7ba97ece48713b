import ArgumentParser
import ImageFormats
import QuantizeKit

/// Scripts that complete the command line in a shell: the parser's own, and
/// what lets them complete the command that is not named.
///
/// The parser's scripts know the options of a named command only. The lines
/// added here read `quantize -k 8 a.png` as if the name were there.
/// `scripts/check-completions` tries all of it in the shells.
enum CompletionScript {
  /// The script for a shell.
  ///
  /// - Parameter name: `bash`, `zsh` or `fish`.
  /// - Returns: The script.
  /// - Throws: `QuantizeError.usage` for another shell.
  static func text(for name: String) throws(QuantizeError) -> String {
    guard let shell = CompletionShell(rawValue: name) else {
      throw .usage(
        "--generate-completion-script is for "
          + TextList.or(CompletionShell.allCases.map(\.rawValue))
          + (name.isEmpty ? "" : ", not “\(name)”"))
    }
    let script = RootCommand.completionScript(for: shell)
    return switch shell {
    case .bash: script + "\n" + bash
    case .zsh: zshHead(of: script) + "\n" + zsh
    case .fish: fish + "\n" + fishOptions(of: script)
    default: script
    }
  }

  /// The words that may stand in the first place.
  private static var words: [String] {
    RootCommand.names + ["help"]
  }

  private static var unnamed: String {
    QuantizeCommand.configuration.commandName ?? ""
  }

  private static var bash: String {
    """

    # Completes the command that is not named, as if it were.
    _\(Version.name)_any() {
        local names='\(words.joined(separator: " "))'
        if [[ "${COMP_WORDS[1]}" = help && "${COMP_CWORD}" -eq 2 ]]; then
            COMPREPLY=($(compgen -W "${names}" -- "${2}"))
            return
        fi
        if [[ "${COMP_CWORD}" -gt 1 && " ${names} " == *" ${COMP_WORDS[1]} "* ]]
        then
            _\(Version.name) "${@}"
            return
        fi
        local first=false
        [[ "${COMP_CWORD}" -eq 1 ]] && first=true
        local -a COMP_WORDS=(
            "${COMP_WORDS[0]}" \(unnamed) "${COMP_WORDS[@]:1}")
        local -i COMP_CWORD="$((COMP_CWORD + 1))"
        _\(Version.name) "${@}"
        if "${first}"; then
            COMPREPLY+=($(compgen -W "${names}" -- "${2}"))
        fi
    }
    complete -o filenames -F _\(Version.name)_any \(Version.name)
    """
  }

  /// The parser's functions, of which the first one gets another name: zsh
  /// calls what has the name of the file.
  private static func zshHead(of script: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.firstIndex { $0.hasPrefix("if [[ \"${funcstack[1]}\"") }
    return lines[..<(end ?? lines.endIndex)].map { line in
      line == "_\(Version.name)() {" ? "_\(Version.name)_named() {" : line
    }.joined(separator: "\n")
  }

  private static var zsh: String {
    """
    # Completes the command that is not named, as if it were.
    _\(Version.name)() {
        local -a names=(\(words.joined(separator: " ")))
        local -a described=(
    \(descriptions.map { "        '\($0.name):\($0.text)'" }
      .joined(separator: "\n"))
        )
        local -i ret=1
        if [[ "${CURRENT}" -eq 3 && "${words[2]}" = help ]]; then
            _describe -V command described && ret=0
            return "${ret}"
        fi
        if [[ "${CURRENT}" -gt 2 && "${names[(Ie)${words[2]}]}" -gt 0 ]]; then
            _\(Version.name)_named "${@}"
            return
        fi
        if [[ "${CURRENT}" -eq 2 ]]; then
            _describe -V command described && ret=0
        fi
        words=("${words[1]}" \(unnamed) "${(@)words[2,-1]}")
        ((CURRENT++))
        _\(Version.name)_named "${@}" && ret=0
        return "${ret}"
    }
    if [[ "${funcstack[1]}" = _\(Version.name) ]]; then
        _\(Version.name) "${@}"
    else
        compdef _\(Version.name) \(Version.name)
    fi
    """
  }

  private static var fish: String {
    """
    # Whether the command line calls a command; one that is not named has the
    # name of the program.
    function __\(Version.name)_calls -a name
        set -l tokens (commandline -opc)
        set -l command \(unnamed)
        if contains -- "$tokens[2]" \(words.joined(separator: " "))
            set command $tokens[2]
        end
        test "$command" = "$name"
    end

    # Whether the first word is being typed, or the one behind help.
    function __\(Version.name)_wants_command
        set -l tokens (commandline -opc)
        test (count $tokens) -eq 1 -o "$tokens[2..]" = help
    end

    function __\(Version.name)_complete_directories
        __fish_complete_directories (commandline -t) ''
    end

    complete -c \(Version.name) -f
    \(descriptions.map { """
      complete -c \(Version.name) -n __\(Version.name)_wants_command \
      -fa \($0.name) -d '\($0.text)'
      """ }.joined(separator: "\n"))
    """
  }

  /// The parser's lines about options and files. Their conditions parse the
  /// whole command line for each option, which takes seconds; those above look
  /// at one word.
  private static func fishOptions(of script: String) -> String {
    script.split(separator: "\n").compactMap { line -> String? in
      let parts = line.split(separator: "'", omittingEmptySubsequences: false)
      guard line.hasPrefix("complete -c '"), parts.count > 4 else { return nil }
      // complete -c 'quantize' -n 'CONDITION "quantize batch" …' OPTION
      let quoted = parts[3].split(separator: "\"")
      guard quoted.count > 1,
        let name = quoted[1].split(separator: " ").dropFirst().last,
        name != "help"
      else { return nil }
      let rest = parts[4...].joined(separator: "'")
      return "complete -c \(Version.name) "
        + "-n '__\(Version.name)_calls \(name)'\(rest)"
    }.joined(separator: "\n")
  }

  private static var descriptions: [(name: String, text: String)] {
    RootCommand.named.map {
      ($0.configuration.commandName ?? "", $0.configuration.abstract)
    } + [("help", "Show the help of a command.")]
  }
}
