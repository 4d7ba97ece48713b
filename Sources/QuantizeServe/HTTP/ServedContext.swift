import Hummingbird
import NIOCore

/// The context of a request, which knows its connection.
struct ServedContext: RequestContext {
  var coreContext: CoreRequestContextStorage

  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Waits until what was written has been handed to the connection.
  ///
  /// Only then does the next write know whether the client reads, and wait until it
  /// does. While the connection's thread has no time, writes go to a queue without
  /// end.
  func handOver() async throws {
    try await channel.eventLoop.submit {}.get()
  }
}
