import CLibrary
import Hummingbird
import Logging
import NIOCore
import QuantizeKit
import ServeCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The program behind `quantize serve`.
@main struct Main {
  static func main() async {
    guard
      let text = ProcessInfo.processInfo.environment[ServeSettings.variable],
      let settings = try? JSONDecoder().decode(
        ServeSettings.self, from: Data(text.utf8))
    else {
      RequestLog.line("quantize-serve: error: start this with quantize serve")
      exit(64)
    }
    // Programs that are started need not know the token.
    unsetenv(ServeSettings.variable)
    FileLimit.raise()
    ExportFolder.removeStale()
    do {
      try await Server(settings).run()
    } catch {
      RequestLog.line(
        "quantize: error: \(Server.reason(error, settings))")
      exit(73)
    }
  }
}
