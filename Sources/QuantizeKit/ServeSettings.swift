/// What `quantize serve` tells the program that serves: JSON in its environment, where
/// no other user sees it.
public struct ServeSettings: Codable, Sendable {
  /// The variable that holds them.
  public static let variable = "QUANTIZE_SERVE"

  /// The variable that makes the command end when its standard input does.
  public static let endsWithInput = "QUANTIZE_ENDS_WITH_INPUT"

  /// The name of the program.
  public static let program = "quantize-serve"

  /// The address to listen at.
  public var host = "127.0.0.1"

  /// The port; 0 for any that is free.
  public var port = 7878

  /// What everybody has to know who asks; required beyond this machine.
  public var token: String?

  /// Whether the page is opened in a browser.
  public var opens = false

  /// Whether no line is logged for each request.
  public var quiet = false

  /// The command that makes files.
  public var command = ""

  /// The most threads.
  public var threads = 1

  /// The most bytes of a file that is uploaded.
  public var uploadBytes: Int?

  /// The most pixels of a picture.
  public var pixels: Int?

  /// The most bytes of a profile or another chunk of a file.
  public var metadata: Int?

  /// The most pictures that are open.
  public var pictures: Int?

  /// The most bytes that they take.
  public var memory: Int?

  /// The minutes after which a picture is forgotten that nobody asks for.
  public var minutes: Int?

  /// The most requests that are worked on at once.
  public var running: Int?

  /// The most requests that wait for that.
  public var waiting: Int?

  /// The most seconds that a request is worked on.
  public var seconds: Int?

  /// The defaults.
  public init() {}

  /// Whether only programs on this machine reach a host: a name or address, in lower
  /// case, that no other site can point here.
  public static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { UInt8($0) != nil }
  }
}
