import CLibrary
import ParallelWork
import QuantizeKit
import Synchronization

/// Ends the process on SIGINT, SIGTERM and SIGHUP without leaving temporary
/// files behind.
///
/// A separate thread waits for them, so that what is done then may take locks
/// and memory, which a signal handler may not.
enum Interrupts {
  /// What is said on SIGINT, if it is not that nothing was written.
  private static let message = Mutex<(@Sendable () -> String)?>(nil)

  /// What the first SIGINT does instead of ending the process.
  private static let first = Mutex<(@Sendable () -> Void)?>(nil)

  private static let stackBytes = 1 << 18

  /// The first SIGINT from now on only does this.
  static func onFirst(_ action: @escaping @Sendable () -> Void) {
    first.withLock { $0 = action }
  }

  /// Says what is said on SIGINT.
  static func tell(_ text: @escaping @Sendable () -> String) {
    message.withLock { $0 = text }
  }

  /// From now on those signals remove the temporary files before they end the
  /// process. To be called before other threads are started, which take over
  /// that the signals are not for them.
  static func removeTemporaryFiles() {
    var signals = Self.signals
    guard pthread_sigmask(SIG_BLOCK, &signals, nil) == 0 else { return }
    let isStarted = DetachedThread.start(stackBytes: stackBytes) { wait() }
    // Without a thread for them they end the process as they ever did.
    if !isStarted { pthread_sigmask(SIG_UNBLOCK, &signals, nil) }
  }

  /// Ends the process when its standard input does, where whoever started it asks for
  /// that: a server that was killed has no use for the files of its exports.
  static func endWithInput() {
    guard getenv(ServeSettings.endsWithInput) != nil else { return }
    _ = DetachedThread.start(stackBytes: stackBytes) {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || count < 0 && errno != EINTR { end(.terminated) }
      }
    }
  }

  /// Lets the signals through again, for a program that takes the place of this one.
  static func release() {
    var signals = Self.signals
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    if !outlivesTerminal { sigaddset(&signals, SIGHUP) }
    return signals
  }

  /// Whether the process was started to outlive its terminal, as by `nohup`.
  private static let outlivesTerminal: Bool = {
    let given = signal(SIGHUP, SIG_IGN)
    signal(SIGHUP, given)
    return unsafeBitCast(given, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }()

  private static func wait() -> Never {
    var signals = Self.signals
    while true {
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      switch number {
      case SIGINT:
        if let first = first.withLock({ $0.take() }) {
          first()
          continue
        }
        let text = message.withLock(\.self)?()
        Terminal.error(text ?? "interrupted; nothing was written")
        end(.interrupted)
      case SIGTERM: end(.terminated)
      default: end(.hungUp)
      }
    }
  }

  private static func end(_ status: ExitStatus) -> Never {
    TemporaryFiles.shared.removeAll { _exit(status.rawValue) }
  }
}
