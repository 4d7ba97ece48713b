import CLibrary
import QuantizeKit
import Synchronization
import SystemPackage

/// Writes to standard error and output, and knows which streams a person looks at.
enum Terminal {
  /// Whether standard output is a terminal.
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) != 0 }

  /// Whether standard error is a terminal.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) != 0 }

  /// Whether colours are welcome: https://no-color.org and a terminal that can.
  static var showsColors: Bool {
    guard getenv("NO_COLOR") == nil else { return false }
    guard let kind = getenv("TERM") else { return false }
    return String(cString: kind) != "dumb"
  }

  /// Whether a line is shown that the next one replaces.
  private static let showsLine = Atomic<Bool>(false)

  /// Shows a line on a terminal until another text is written.
  static func showLine(_ text: String) {
    showsLine.store(true, ordering: .relaxed)
    write("\r\u{1b}[K\(text)")
  }

  /// Removes the line that is shown, if there is one.
  static func clearLine() {
    if showsLine.exchange(false, ordering: .relaxed) { write("\r\u{1b}[K") }
  }

  /// Writes one line of error.
  static func error(_ message: String) {
    note("quantize: error: \(message)")
  }

  /// Writes one line about what was skipped in a file.
  static func warn(_ file: FileLocation, _ text: String) {
    note("quantize: \(file.displayName): warning: \(text)")
  }

  /// Writes one line to standard error.
  static func note(_ line: String) {
    clearLine()
    write(line + "\n")
  }

  /// Writes all of a text to standard output.
  ///
  /// - Throws: `QuantizeError.inputOutput`.
  static func output(_ text: String) throws(QuantizeError) {
    do {
      _ = try FileDescriptor.standardOutput.writeAll(text.utf8)
    } catch {
      throw .inputOutput(
        .standardStream,
        reason: "writing failed: \((error as? Errno)?.description ?? "")")
    }
  }

  /// Writes to standard error. A failure has nowhere to be reported.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}
