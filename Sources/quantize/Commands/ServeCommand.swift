import ArgumentParser
import CLibrary
import JSONFiles
import QuantizeKit
import SystemPackage

/// The command that starts the local page. The page's program is another one, so that
/// this one stays small and starts fast.
struct ServeCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Try settings on pictures in your browser.",
    usage: "quantize serve [--port <n>] [--open]",
    discussion: """
      Examples:
        quantize serve --open
            opens the page in a browser
        quantize serve --port 9000 --quiet
            serves at http://127.0.0.1:9000/ and logs nothing
        quantize serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"
            serves other machines that know the token

      The address is printed on standard output, and a line for each request \
      on standard error. Pictures stay in memory and are forgotten after a \
      while. Here --max-pixels is 100M and --max-input is 256M unless you give \
      them. To quantise an image whose file is called serve, write: quantize \
      ./serve.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--port", "--open", "--host", "--token", "--memory", "--quiet", "--version",
  ]

  // Taken to say what to do instead.
  @Argument(help: ArgumentHelp(visibility: .hidden))
  var files: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Port to listen at; 0 takes any that is free. (default: 7878)",
      valueName: "n"),
    transform: NumberArgument.whole)
  var port: Int?

  @Flag(help: "Open the page in a browser.")
  var open = false

  @Option(
    help: ArgumentHelp(
      """
      Address to listen at. One that other machines can reach needs --token. \
      (default: 127.0.0.1)
      """, valueName: "address"))
  var host: String?

  @Option(
    help: ArgumentHelp(
      "Answer only those who know this word.", valueName: "word"))
  var token: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Memory for open pictures, such as 500M. (default: 2G)",
      valueName: "size"),
    transform: NumberArgument.bytes)
  var memory: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most pictures that are open at once. (default: 64)", valueName: "n"),
    transform: NumberArgument.whole)
  var maxImages: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Forget a picture that was not used for n minutes. (default: 30)",
      valueName: "n"),
    transform: NumberArgument.whole)
  var keepMinutes: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Requests to work on at once. (default: one per core)", valueName: "n"),
    transform: NumberArgument.whole)
  var maxRunning: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Requests that may wait; more are refused. (default: 100)",
      valueName: "n"),
    transform: NumberArgument.whole)
  var maxWaiting: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End a request after n seconds of work. (default: 120)", valueName: "n"),
    transform: NumberArgument.whole)
  var timeLimit: Int?

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// Less holds no photo.
  private static let leastMemory = 64 << 20

  /// Starts the program, in place of this one.
  func execute() throws(QuantizeError) {
    let settings = try settings()
    let own = try Self.ownPath()
    let program = own.removingLastComponent()
    let places = [
      program.appending(ServeSettings.program),
      program.removingLastComponent().appending("libexec")
        .appending(ServeSettings.program),
    ]
    guard let path = places.first(where: { (try? $0.stat()) != nil }) else {
      throw .usage(
        "\(ServeSettings.program) is not installed beside this command; "
          + "scripts/install installs both")
    }
    var complete = settings
    complete.command = own.string
    let text = String(decoding: JSONFile.line(complete), as: UTF8.self)
    setenv(ServeSettings.variable, text, 1)
    Interrupts.release()
    let failure = path.withPlatformString { start in
      var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(start), nil]
      execv(start, &arguments)
      return Errno(rawValue: errno)
    }
    throw .unreadable(
      .file(path), reason: "cannot be started: \(failure.description)")
  }

  private func settings() throws(QuantizeError) -> ServeSettings {
    var settings = ServeSettings()
    if let file = files.first {
      throw .usage(
        "serve reads no files itself; leave \(FileLocation(argument: file).displayName) "
          + "out, and drop it on the page")
    }
    if let memory, memory < Self.leastMemory {
      throw .usage("--memory must be \(Self.leastMemory >> 20)M or more")
    }
    let numbers: [(option: String, value: Int?, least: Int, most: Int)] = [
      ("--port", port, 0, 65_535), ("--max-images", maxImages, 1, 100_000),
      ("--keep-minutes", keepMinutes, 1, 100_000),
      ("--max-running", maxRunning, 1, 1_000),
      ("--max-waiting", maxWaiting, 0, 100_000),
      ("--time-limit", timeLimit, 1, 100_000),
    ]
    for (option, value, least, most) in numbers {
      guard let value, !(least...most).contains(value) else { continue }
      throw .usage("\(option) must be \(least) to \(most), not \(value)")
    }
    settings.port = port ?? settings.port
    settings.host = host ?? settings.host
    guard !settings.host.isEmpty else { throw .usage("--host is empty") }
    if let token {
      let plain = token.utf8.allSatisfy { byte in
        (0x21...0x7e).contains(byte) && !"\";,\\&#+%".utf8.contains(byte)
      }
      guard token.count >= 16, plain else {
        throw .usage(
          "--token needs 16 characters or more, letters and digits for example")
      }
    } else if !ServeSettings.isLoopback(settings.host) {
      throw .usage(
        "--host \(settings.host) can be reached by other machines; add --token, "
          + "16 characters or more")
    }
    settings.token = token
    settings.opens = open
    settings.quiet = common.quiet
    settings.threads = common.threadCount
    settings.uploadBytes = common.maxInput
    settings.pixels = common.maxPixels
    settings.metadata = common.maxMetadata
    settings.memory = memory
    settings.pictures = maxImages
    settings.minutes = keepMinutes
    settings.running = maxRunning ?? common.threadCount
    settings.waiting = maxWaiting
    settings.seconds = timeLimit
    return settings
  }

  /// Where this program is.
  private static func ownPath() throws(QuantizeError) -> FilePath {
    #if os(Linux)
      let link: FilePath = "/proc/self/exe"
      if let path = link.resolved { return path }
    #else
      var size = UInt32(4_096)
      var buffer = [CChar](repeating: 0, count: Int(size))
      if _NSGetExecutablePath(&buffer, &size) == 0,
        let path = FilePath(platformString: buffer).resolved
      {
        return path
      }
    #endif
    throw .usage("this system does not say where the command is")
  }
}
