import ArgumentParser
import CAllocator
import CLibrary
import QuantizeKit

/// The process: parses, runs, and turns every error into one line and an exit
/// status.
@main
enum Main {
  static func main() {
    // A stage frees megabytes and the next asks for as many: getting them from
    // the system again, page by page, took a fifth of the time of a photo.
    qz_prepare_heap()
    // A reader that went away is an error of the write, not of the process.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that may not grow any further.
    signal(SIGXFSZ, SIG_IGN)
    Interrupts.removeTemporaryFiles()
    Interrupts.endWithInput()
    OutOfMemory.endsProcess()
    exit(run().rawValue)
  }

  private static func run() -> ExitStatus {
    do {
      try run(Array(ArgumentText.ofProcess.dropFirst()))
      return .success
    } catch {
      Terminal.error(error.message)
      return error.exitStatus
    }
  }

  private static func run(_ arguments: [String]) throws(QuantizeError) {
    if let text = try HelpRequest.text(arguments) {
      return try Terminal.output(text + "\n")
    }
    try Suggestion.check(arguments)
    let parsed: any ParsableCommand
    do {
      // Not by the parser: it would read all options once more.
      let named = RootCommand.command(named: arguments.first)
      let options = named == nil ? arguments : Array(arguments.dropFirst())
      let command: any ParsableCommand.Type =
        options == [HelpRequest.description]
        ? RootCommand.self : named ?? QuantizeCommand.self
      parsed = try command.parseAsRoot(
        try PngquantArguments.translate(options))
    } catch let error as QuantizeError {
      throw error
    } catch {
      return try report(parsing: error, arguments)
    }
    guard let command = parsed as? any JobCommand else {
      return try Terminal.output(RootCommand.helpMessage() + "\n")
    }
    if let text = HelpRequest.text(command) {
      return try Terminal.output(text + "\n")
    }
    try command.common.check()
    try command.execute()
  }

  /// What the parser prints goes to standard output; what is wrong is one line.
  private static func report(
    parsing error: any Error, _ arguments: [String]
  ) throws(QuantizeError) {
    guard RootCommand.exitCode(for: error) != .success else {
      return try Terminal.output(RootCommand.fullMessage(for: error) + "\n")
    }
    let command =
      RootCommand.command(named: arguments.first) ?? QuantizeCommand.self
    let message =
      Suggestion.owner(ofUnknownOptionIn: arguments, of: command)
      ?? RootCommand.message(for: error)
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    throw .usage("\(ArgumentText.shown(line)) (see `\(command.helpCall)`)")
  }
}
