import Dispatch
import QuantizeKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends the process on SIGINT, SIGTERM and SIGHUP without leaving temporary
/// files behind.
enum Interrupts {
  private static let queue = DispatchQueue(
    label: "interrupts", qos: .userInteractive)

  // Kept for as long as the process runs: a source that is released no longer
  // fires. Unsafe only in that dispatch sources are not marked Sendable; this
  // one is made once and never touched again.
  private nonisolated(unsafe) static let sources = [
    (SIGINT, ExitStatus.interrupted), (SIGTERM, .terminated),
    (SIGHUP, .hungUp),
  ].map { number, status in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      TemporaryFiles.shared.removeAll()
      if number == SIGINT {
        Terminal.error("interrupted; nothing was written")
      }
      _exit(status.rawValue)
    }
    source.resume()
    return source
  }

  /// From now on those signals remove the temporary files before they end the
  /// process.
  static func removeTemporaryFiles() {
    _ = sources
  }
}
