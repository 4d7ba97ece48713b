import Subprocess
import SystemPackage

/// The system's browser.
enum Browser {
  /// Opens a page, where there is a browser.
  static func open(_ address: String) async {
    #if os(macOS)
      let program = "open"
    #else
      let program = "xdg-open"
    #endif
    let result = try? await Subprocess.run(
      .name(program), arguments: [address], output: .discarded)
    if result?.terminationStatus.isSuccess != true {
      RequestLog.line(
        "quantize: warning: no browser could be opened; open the address above")
    }
  }
}
