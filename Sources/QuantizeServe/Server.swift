import CLibrary
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import QuantizeKit
import ServeCore
import ServiceLifecycle
import UnixSignals

/// The server: its address, limits and routes.
struct Server {
  private let settings: ServeSettings
  private let limits: ServiceLimits

  /// Takes settings.
  init(_ settings: ServeSettings) {
    self.settings = settings
    var limits = ServiceLimits()
    limits.uploadBytes = settings.uploadBytes ?? limits.uploadBytes
    limits.pixels = settings.pixels ?? limits.pixels
    limits.metadata = settings.metadata ?? limits.metadata
    limits.pictures = settings.pictures ?? limits.pictures
    limits.memory = settings.memory ?? limits.memory
    limits.running = settings.running ?? limits.running
    limits.waiting = settings.waiting ?? limits.waiting
    limits.threads = settings.threads
    if let minutes = settings.minutes {
      limits.keptFor = .seconds(60 * minutes)
    }
    if let seconds = settings.seconds { limits.workTime = .seconds(seconds) }
    self.limits = limits
  }

  /// Serves until it is told to stop.
  func run() async throws {
    let api = API(limits, settings)
    let router = Router(
      context: ServedContext.self, options: .autoGenerateHeadEndpoints)
    router.middlewares.add(
      Guardian(settings, log: RequestLog(isQuiet: settings.quiet)))
    Page.addRoutes(to: router)
    api.addRoutes(to: router)
    var logger = Logger(label: "quantize") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let settings = settings
    let app = Application(
      router: router,
      server: .http1(
        configuration: .init(
          idleTimeout: .seconds(30),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 32 << 10,
            maxHeaderFieldCount: 100))),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port),
        availableConnectionsDelegate: MaximumAvailableConnections(
          FileLimit.connections, logger: logger)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? settings.port
        await Self.announce(settings, port: port)
      }, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await app.run() }
      group.addTask { await api.tidyForever() }
      group.addTask { await Self.untilSignal() }
      try await group.next()
      group.cancelAll()
    }
  }

  /// The time in which work and its processes end that nobody waits for any more.
  private static let endingTime = Duration.seconds(1.5)

  /// Waits until somebody ends the program; soon after that it is over, whatever is
  /// under way.
  private static func untilSignal() async {
    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
      Task.detached {
        try? await Task.sleep(for: endingTime)
        exit(0)
      }
      return
    }
  }

  /// Says where the page is, and opens it where that was asked for.
  private static func announce(_ settings: ServeSettings, port: Int) async {
    let name =
      settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    let address = "http://\(name):\(port)/"
    // Scripts read the address from standard output; it has no token.
    print(address)
    fflush(nil)
    if !settings.quiet {
      RequestLog.line("quantize: serving at \(address); press Ctrl-C to stop")
    }
    if settings.opens {
      let page = settings.token.map { address + "?token=" + $0 } ?? address
      await Browser.open(page)
    }
  }

  /// Why the server does not run, for a person.
  static func reason(_ error: any Error, _ settings: ServeSettings) -> String {
    if let error = error as? IOError {
      switch error.errnoCode {
      case EADDRINUSE:
        return
          "port \(settings.port) is taken; choose another one with --port, "
          + "or any that is free with --port 0"
      case EACCES:
        return "port \(settings.port) is for the system; choose one above 1023 "
          + "with --port"
      case EADDRNOTAVAIL:
        return
          "\(settings.host) is no address of this machine; leave --host out"
      default: break
      }
    }
    return "cannot serve at \(settings.host), port \(settings.port): \(error)"
  }
}
