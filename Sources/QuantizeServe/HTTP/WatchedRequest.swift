import Hummingbird
import HummingbirdCore

/// A request whose work ends when its client goes away.
struct WatchedRequest: Sendable {
  private let request: Request

  /// Takes a request whose body has been read.
  init(_ request: Request) {
    self.request = request
  }

  /// Does work, and cancels it when the connection is closed.
  ///
  /// - Throws: What `body` throws, or `CancellationError`.
  func run<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await request.body.consumeWithCancellationOnInboundClose { _ in
      try await body()
    }
  }
}
