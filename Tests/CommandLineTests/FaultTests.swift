import CLibrary
import Foundation
import Rasters
import Testing
import _TestSupport

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

  /// Killed at any moment: what stands under a name is the old file or the new
  /// one, whole.
  @Test(arguments: ways)
  func killedAtAnyMoment(options: [String]) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 600, height: 400), to: "a.png")
    let words = options.joined(separator: " ")
    var run = try shell(
      "$Q a.png -q -k 64 \(words) -o new.png && printf old > b.png", in: bench)
    #expect(run.status == 0, "\(run.error)")
    let whole = try bench.read("new.png")
    for delay in 1...25 {
      run = try shell(
        """
        $Q a.png -q -f -k 64 \(words) -o b.png & p=$!; \
        sleep \(Double(delay) * 0.012); kill -KILL $p; wait $p
        """, in: bench)
      let found = try bench.read("b.png")
      #expect(found == Array("old".utf8) || found == whole)
      #expect(run.status == 137 || found == whole)
    }
  }

  /// The folder of the output disappears while the input is read.
  @Test func foldersThatDisappear() throws {
    let bench = try bench()
    let run = try shell(
      """
      mkdir out; { head -c 5000 a.png; sleep 0.3; rmdir out; \
      tail -c +5001 a.png; } | $Q - -q -k 8 -o out/b.png --report out/c.json
      """, in: bench)
    #expect(run.status == 73, "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
    #expect(run.error.contains("out/b.png"), "\(run.error)")
    #expect(try bench.names() == ["a.png"])
  }

  /// With as little address space as can be: one line, or the whole image.
  @Test(arguments: [
    "a.png -k 16 -o b.png", "a.png -k 64 --memory 1K -o b.png",
    "a.png -k 16 --dither floyd-steinberg -o b.png",
    "batch in -k 16 -o out", "segment a.png -k 5 -c 2 -o b.png",
    "compare a.png -k 4 -o out",
    "a.png -k 3 -c 2 --responsibilities b.npz -o c.png",
  ])
  func littleMemory(call: String) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 1_500, height: 1_000), to: "a.png")
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: bench.url("a.png"), to: bench.url("in/a.png"))
    var refused = 0
    for kibibytes in stride(from: 50_000, through: 170_000, by: 8_000) {
      let run = try shell(
        "ulimit -v \(kibibytes); SWIFT_BACKTRACE=enable=no $Q \(call) -f",
        in: bench)
      // 127: there was no room for the libraries.
      #expect([0, 71, 127].contains(run.status), "\(kibibytes): \(run.error)")
      let names = try bench.names().filter { $0 != "out" }
      if run.status != 0 {
        #expect(
          run.error.split(separator: "\n").count { !$0.contains("warning") }
            == 1, "\(kibibytes): \(run.error)")
        #expect(names == ["a.png", "in"], "\(kibibytes): \(names)")
        #expect(run.status == 127 || run.error.contains("out of memory"))
        refused += run.status == 71 ? 1 : 0
      }
      for name in ["b.png", "b.npz", "c.png", "out"] {
        try? FileManager.default.removeItem(at: bench.url(name))
      }
    }
    #expect(refused > 0)
  }
}
