import Foundation
import Testing
import _TestSupport

/// What `quantize serve` refuses before it starts anything; scripts/check-serve and
/// scripts/check-page do the rest.
@Suite struct ServeCommandTests {
  @Test(arguments: [
    (["photo.jpg"], "drop it on the page"),
    (["--port", "65536"], "--port must be 0 to 65535, not 65536"),
    (["--port", "-1"], "--port must be 0 to 65535, not -1"),
    (["--host", "0.0.0.0"], "add --token"),
    (["--host", "127.evil.example"], "add --token"),
    (["--host", "127.0.0.1.evil.example"], "add --token"),
    (["--host", ""], "--host is empty"),
    (["--token", "short"], "16 characters or more"),
    (["--token", "with spaces and more"], "16 characters or more"),
    (["--memory", "1"], "--memory must be 64M or more"),
    (["--max-images", "0"], "--max-images must be 1"),
    (["--keep-minutes", "0"], "--keep-minutes must be 1"),
    (["--max-running", "0"], "--max-running must be 1"),
    (["--max-waiting", "-1"], "--max-waiting must be 0"),
    (["--time-limit", "0"], "--time-limit must be 1"),
    (["--threads", "0"], "--threads must be 1 or more"),
  ])
  func wrongUsesAreOneLine(words: [String], message: String) throws {
    let run = try Workbench().run(["serve"] + words)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
  }

  /// A build without the server says how to get it.
  @Test func aMissingServerIsNamed() throws {
    let bench = try Workbench()
    let copy = bench.folder.appendingPathComponent("quantize")
    try FileManager.default.copyItem(at: Workbench.command, to: copy)
    let process = Process()
    process.executableURL = copy
    process.arguments = ["serve", "--port", "0"]
    let error = Pipe()
    process.standardError = error
    try process.run()
    let text = String(
      decoding: error.fileHandleForReading.readDataToEndOfFile(),
      as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64)
    #expect(text.contains("scripts/install installs both"))
  }
}
