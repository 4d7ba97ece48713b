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
    OutOfMemory.endsProcess()
    exit(run().rawValue)
  }

  private static func run() -> ExitStatus {
    let call: CommandLineCall
    do {
      call = try CommandLineCall(Array(ArgumentText.ofProcess.dropFirst()))
    } catch {
      Terminal.error(error.message)
      return error.exitStatus
    }
    return run(call.command, call.arguments)
  }

  private static func run<Command: JobCommand>(
    _ type: Command.Type, _ arguments: [String]
  ) -> ExitStatus {
    let command: Command
    do {
      command = try type.parse(arguments)
    } catch {
      return report(parsing: error, of: type)
    }
    do {
      try command.execute()
      return .success
    } catch {
      Terminal.error(error.message)
      return error.exitStatus
    }
  }

  /// Help and version go to standard output; what is wrong is one line.
  private static func report(
    parsing error: any Error, of type: (some JobCommand).Type
  ) -> ExitStatus {
    guard type.exitCode(for: error) != .success else {
      print(type.fullMessage(for: error))
      return .success
    }
    let message = type.message(for: error)
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    Terminal.error("\(ArgumentText.shown(line)) (see `\(type.helpCall)`)")
    return .usage
  }
}
