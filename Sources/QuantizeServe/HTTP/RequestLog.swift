import CLibrary

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Lines on standard error: one for each request, `key=value` with spaces between.
struct RequestLog: Sendable {
  let isQuiet: Bool

  /// Writes a line in one go, so that lines of several threads do not mix.
  static func line(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  /// Logs a request.
  ///
  /// - Parameters:
  ///   - method: GET and so on.
  ///   - path: The pattern of its path: names of pictures are for who has them.
  ///   - status: The answer's.
  ///   - milliseconds: The time until the answer began.
  ///   - bytes: The answer's length, if it is known.
  ///   - reason: What was wrong.
  func request(
    _ method: String, _ path: String, status: Int, milliseconds: Double,
    bytes: Int?, reason: String?
  ) {
    guard !isQuiet else { return }
    let time = Date().formatted(
      .iso8601.year().month().day().time(includingFractionalSeconds: true))
    var line =
      "time=\(time)Z method=\(method) path=\(path) status=\(status) "
      + "ms=\(Int(milliseconds.rounded()))"
    if let bytes { line += " bytes=\(bytes)" }
    if let reason { line += " error=\(reason.debugDescription)" }
    Self.line(line)
  }
}
