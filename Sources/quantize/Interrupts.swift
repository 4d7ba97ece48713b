import Dispatch
import QuantizeKit
import Synchronization

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
      if number == SIGINT {
        if let first = first.withLock({ $0.take() }) {
          first()
          return
        }
        let text = message.withLock(\.self)?()
        Terminal.error(text ?? "interrupted; nothing was written")
      }
      TemporaryFiles.shared.removeAll { _exit(status.rawValue) }
    }
    source.resume()
    return source
  }

  /// What is said on SIGINT, if it is not that nothing was written.
  private static let message = Mutex<(@Sendable () -> String)?>(nil)

  /// What the first SIGINT does in place of ending the process.
  private static let first = Mutex<(@Sendable () -> Void)?>(nil)

  /// The first SIGINT from now on only does this.
  static func onFirst(_ action: @escaping @Sendable () -> Void) {
    first.withLock { $0 = action }
  }

  /// Says what is said on SIGINT.
  static func tell(_ text: @escaping @Sendable () -> String) {
    message.withLock { $0 = text }
  }

  /// From now on those signals remove the temporary files before they end the
  /// process.
  static func removeTemporaryFiles() {
    _ = sources
  }
}
