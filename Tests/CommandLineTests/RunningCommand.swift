import Foundation
import Testing

/// The command while it runs, its standard output read as it comes.
final class RunningCommand {
  private let process = Process()
  private let output = Pipe()
  private let errors: URL
  private var lines: [String] = []
  private var rest = Data()

  /// Starts the command in the folder of a workbench.
  init(_ bench: Workbench, _ arguments: [String]) throws {
    errors = bench.url("standard-error-\(UUID().uuidString)")
    try Data().write(to: errors)
    process.executableURL = Workbench.command
    process.arguments = arguments
    process.currentDirectoryURL = bench.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: errors)
  }

  /// The next line of standard output; `nil` at its end.
  func line() -> String? {
    while true {
      if let end = rest.firstIndex(of: 0x0a) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        lines.append(line)
        return line
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { return nil }
      rest += more
    }
  }

  /// Reads lines until one contains a text.
  ///
  /// - Returns: The line; `nil` where none does.
  @discardableResult
  func wait(for text: String) -> String? {
    while let line = line() {
      if line.contains(text) { return line }
    }
    return nil
  }

  func send(_ signal: Int32) {
    kill(process.processIdentifier, signal)
  }

  /// Waits for the end.
  func finish() throws -> CommandRun {
    while line() != nil {}
    process.waitUntilExit()
    return CommandRun(
      status: process.terminationStatus,
      output: Data(lines.joined(separator: "\n").utf8),
      error: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
