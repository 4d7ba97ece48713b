import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import QuantizeKit
import ServeCore

/// Stands before all routes: refuses requests that another site's page has sent,
/// checks the token, turns errors into answers, adds headers that protect the page, and
/// logs.
struct Guardian: RouterMiddleware {
  typealias Context = ServedContext

  private let settings: ServeSettings
  private let log: RequestLog

  init(_ settings: ServeSettings, log: RequestLog) {
    self.settings = settings
    self.log = log
  }

  /// What the page may load and do: nothing of others.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    + "img-src 'self' blob: data:; connect-src 'self'; font-src 'none'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  /// The name of the cookie that holds the token.
  private static let cookie = "quantize-token"

  func handle(
    _ request: Request, context: Context,
    next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let clock = ContinuousClock()
    let began = clock.now
    var response: Response
    var reason: String?
    do {
      if let redirect = try check(request) {
        response = redirect
      } else {
        response = try await next(request, context)
      }
    } catch {
      let refusal = Self.refusal(error)
      reason = refusal.message
      response = Self.answer(refusal)
    }
    let headers: [(HTTPField.Name, String)] = [
      (.contentSecurityPolicy, Self.policy),
      (.xContentTypeOptions, "nosniff"),
      (Self.name("referrer-policy"), "no-referrer"),
      (Self.name("cross-origin-resource-policy"), "same-origin"),
      (Self.name("cross-origin-opener-policy"), "same-origin"),
      (.cacheControl, "no-store"),
    ]
    // To watch whether a client goes away, what it sends is read to the end: its
    // connection cannot be used again.
    if request.method == .post,
      !["/api/images", "/api/palettes"].contains(context.endpointPath)
    {
      response.headers[.connection] = "close"
    }
    for (name, value) in headers where response.headers[name] == nil {
      response.headers[name] = value
    }
    log.request(
      request.method.rawValue, context.endpointPath ?? "?",
      status: response.status.code,
      milliseconds: (clock.now - began) / .milliseconds(1),
      bytes: response.body.contentLength, reason: reason)
    return response
  }

  static func name(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else {
      preconditionFailure("a header has a name")
    }
    return name
  }

  private static func refusal(_ error: any Error) -> ServiceError {
    switch error {
    case let error as ServiceError: error
    case is HTTPParserError:
      ServiceError(400, "the request is damaged; send it again")
    case is NIOTooManyBytesError:
      ServiceError(413, "the request is too large")
    case is CancellationError: ServiceError(499, "the request was cancelled")
    case let error as HTTPError where error.status == .contentTooLarge:
      ServiceError(413, "the request is too large")
    case let error as HTTPError where error.status == .notFound:
      ServiceError(404, "there is nothing here; the page is at /")
    case let error as HTTPError:
      ServiceError(
        error.status.code, error.body ?? "the request is not understood")
    default: ServiceError(500, "the request failed")
    }
  }

  private static func answer(_ refusal: ServiceError) -> Response {
    var headers: HTTPFields = [.contentType: "application/json"]
    if refusal.status == 503 { headers[.retryAfter] = "1" }
    // What is left of the body is not read.
    if refusal.status == 413 || refusal.status == 408 {
      headers[.connection] = "close"
    }
    let body = API.json(["error": refusal.message])
    return Response(
      status: .init(code: refusal.status), headers: headers,
      body: .init(byteBuffer: body))
  }

  /// Lets a request through, or refuses it.
  ///
  /// - Returns: An answer that sets the cookie, for the address with the token.
  /// - Throws: `ServiceError`.
  private func check(_ request: Request) throws(ServiceError) -> Response? {
    let authority = request.head.authority ?? ""
    // RFC 9112, section 3.2: one Host, and no other host in the target.
    guard request.headers[values: Self.name("host")].count <= 1,
      request.head.path?.hasPrefix("/") == true
    else { throw ServiceError(400, "the request names more than one host") }
    // A name that another site has pointed to this machine is not one of ours.
    guard settings.token != nil || Self.isLocal(authority) else {
      throw ServiceError(
        421, "this server answers at localhost only, not at \(authority)")
    }
    let origin = request.headers[.origin]
    let site = request.headers[Self.name("sec-fetch-site")]
    let isSafe = request.method == .get || request.method == .head
    if let origin, !isSafe, origin != "http://\(authority)" {
      throw ServiceError(403, "pages of other sites may not use this server")
    }
    if let site, site == "cross-site" || site == "same-site",
      !(isSafe && request.uri.path == "/")
    {
      throw ServiceError(403, "pages of other sites may not use this server")
    }
    guard let token = settings.token else { return nil }
    if request.uri.path == "/",
      let given = request.uri.queryParameters["token"]
    {
      guard Self.isEqual(String(given), token) else {
        throw ServiceError(401, "the token is wrong")
      }
      return Response(
        status: .seeOther,
        headers: [
          .location: "/",
          .setCookie:
            "\(Self.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict",
        ])
    }
    guard Self.tokens(of: request).contains(where: { Self.isEqual($0, token) })
    else {
      throw ServiceError(
        401,
        "this server wants its token: open /?token=…, or send the header "
          + "Authorization: Bearer …")
    }
    return nil
  }

  private static func tokens(of request: Request) -> [String] {
    var tokens: [String] = []
    let bearer = "Bearer "
    if let field = request.headers[.authorization], field.hasPrefix(bearer) {
      tokens.append(String(field.dropFirst(bearer.count)))
    }
    for field in request.headers[values: .cookie] {
      for part in field.split(separator: ";") {
        let pair = part.drop { $0 == " " }
          .split(separator: "=", maxSplits: 1)
        if pair.count == 2, pair[0] == cookie { tokens.append(String(pair[1])) }
      }
    }
    return tokens
  }

  /// Compares in a time that says nothing about where the texts differ.
  private static func isEqual(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Whether a Host header names this machine.
  private static func isLocal(_ authority: String) -> Bool {
    var host = Substring(authority)
    var port = Substring()
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      port = host[host.index(after: end)...]
      host = host[host.index(after: host.startIndex)..<end]
    } else if let colon = host.firstIndex(of: ":") {
      port = host[colon...]
      host = host[..<colon]
    }
    guard port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
    else { return false }
    return ServeSettings.isLoopback(String(host).lowercased())
  }
}
