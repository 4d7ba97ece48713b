/// Why a request is not answered: a status of HTTP, and a line for a person.
public struct ServiceError: Error, Equatable, Sendable {
  /// A status of HTTP (RFC 9110, section 15), 400 to 599.
  public let status: Int

  /// What is wrong and what to do, in one line.
  public let message: String

  /// A refusal.
  public init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The request itself is wrong.
  static func wrong(_ message: String) -> ServiceError {
    ServiceError(400, message)
  }

  /// The picture was forgotten, or never there.
  static let noPicture = ServiceError(
    404, "the picture is no longer here; upload it again")

  /// The fit was forgotten, or never there.
  static let noFit = ServiceError(
    404, "the result is no longer here; ask for it again")

  /// Too much is waiting.
  static let busy = ServiceError(
    503, "the server is busy; try again in a moment")

  /// Nobody waits for the answer any more.
  static let cancelled = ServiceError(499, "the request was cancelled")
}
