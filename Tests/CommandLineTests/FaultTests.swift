import Foundation
import Rasters
import Testing
import _TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Outputs that cannot be written, and signals: with all pixels in memory, and
/// strip by strip.
@Suite struct FaultTests {
  private static let ways = [[], ["--memory", "1K"]]

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 300, height: 200), to: "a.png")
    return bench
  }

  /// Runs a line of the shell in which `$Q` is the command.
  private func shell(_ line: String, in bench: Workbench) throws -> (
    status: Int32, error: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = bench.folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["Q": Workbench.command.path]) { $1 }
    let error = Pipe()
    process.standardError = error
    try process.run()
    let text = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0), arguments: ways)
  func devicesThatAreFull(options: [String]) throws {
    let bench = try bench()
    let words = options.joined(separator: " ")
    for target in ["-o /dev/full", "-o - > /dev/full"] {
      let run = try shell("$Q a.png -q -k 8 \(words) \(target)", in: bench)
      #expect(run.status == 74)
      #expect(run.error.split(separator: "\n").count == 1)
      #expect(run.error.contains("writing failed"))
      #expect(try bench.names() == ["a.png"])
    }
  }

  /// A file that may not grow beyond some blocks, as under a quota.
  @Test(arguments: ways)
  func filesThatMayNotGrow(options: [String]) throws {
    let bench = try bench()
    let words = options.joined(separator: " ")
    let run = try shell(
      "ulimit -f 4; $Q a.png -q -k 64 \(words) -o b.png", in: bench)
    #expect(run.status == 74, "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
    #expect(run.error.contains("b.png"))
    #expect(try bench.names() == ["a.png"])
  }

  @Test(arguments: ways)
  func readersThatGoAway(options: [String]) throws {
    let bench = try bench()
    let words = options.joined(separator: " ")
    // The reader ends before anything is written.
    let run = try shell(
      "{ sleep 0.2; $Q a.png -q -k 64 \(words) -o -; echo $? > status; } | true",
      in: bench)
    #expect(run.error.split(separator: "\n").count == 1)
    #expect(run.error.contains("Broken pipe"))
    #expect(try bench.read("status") == Array("74\n".utf8))
  }

  @Test(arguments: ways)
  func writesToPipes(options: [String]) throws {
    let bench = try bench()
    let words = options.joined(separator: " ")
    let run = try shell(
      """
      mkfifo pipe; cat pipe > got.png & \
      $Q a.png -q -k 8 \(words) -o pipe && wait && \
      $Q a.png -q -k 8 -o b.png && cmp got.png b.png
      """, in: bench)
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.isEmpty)
  }

  /// Interrupted at several moments: either all is there, or nothing.
  @Test(arguments: ["INT", "TERM", "HUP"], ways)
  func signals(name: String, options: [String]) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 900, height: 700), to: "a.png")
    let words = options.joined(separator: " ")
    let statuses = ["INT": 130, "TERM": 143, "HUP": 129]
    for delay in ["0.05", "0.15", "0.3"] {
      let run = try shell(
        """
        $Q a.png -q -f -k 256 --effort 8 \(words) -o b.png & \
        sleep \(delay); kill -\(name) $!; wait $!
        """, in: bench)
      let names = try bench.names()
      if run.status == 0 {
        #expect(names == ["a.png", "b.png"])
        try FileManager.default.removeItem(at: bench.url("b.png"))
      } else {
        #expect(Int(run.status) == statuses[name], "\(run.error)")
        #expect(names == ["a.png"])
      }
    }
  }
}
