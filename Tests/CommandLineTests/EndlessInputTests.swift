import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Inputs that never end: refused by their first bytes, or by a bound.
@Suite struct EndlessInputTests {
  private static let photo = TestRasters.noisyGradient(width: 40, height: 30)

  /// Runs a line of the shell in which `$Q` is the command, with little memory.
  private func shell(_ bench: Workbench, _ line: String) throws -> CommandRun {
    let process = Process()
    let errors = bench.url("errors")
    try Data().write(to: errors)
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "ulimit -v 2000000; \(line)"]
    process.currentDirectoryURL = bench.folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["Q": Workbench.command.path]
    ) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: errors) }
    return CommandRun(
      status: process.terminationStatus, output: Data(),
      error: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  @Test(arguments: [
    "-k 4 -o out", "palette -k 4", "segment -k 4 -o out", "compare -k 4",
    "metrics a.png",
  ])
  func images(call: String) throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    for line in [
      "yes | $Q \(call) -", "$Q \(call) /dev/zero", "$Q \(call) /dev/urandom",
      "cat /dev/zero | $Q \(call) -",
    ] {
      let run = try shell(bench, line)
      #expect(run.status == 65, "\(line): \(run.error)")
      #expect(run.errorLines.count == 1, "\(line): \(run.error)")
      #expect(run.error.contains("not a PNG, JPEG, TIFF, WebP, GIF or BMP"))
    }
    #expect(try bench.names() == ["a.png"])
  }

  @Test(arguments: [
    "--palette /dev/zero", "--init /dev/zero", "--importance /dev/zero",
    "--map /dev/urandom", "--importance /dev/urandom",
    "--palette p.act", "--palette p.json",
  ])
  func filesThatOptionsName(option: String) throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    for name in ["p.act", "p.json"] {
      try FileManager.default.createSymbolicLink(
        at: bench.url(name),
        withDestinationURL: URL(fileURLWithPath: "/dev/zero"))
    }
    for call in [
      "$Q a.png -o b.png", "$Q palette a.png", "$Q batch a.png -o b",
    ] {
      let run = try shell(bench, "\(call) \(option)")
      #expect(run.status == 65, "\(call) \(option): \(run.error)")
      #expect(run.errorLines.count == 1, "\(run.error)")
    }
    #expect(try bench.names() == ["a.png", "p.act", "p.json"])
  }

  @Test(arguments: [
    "yes ffffff | $Q a.png --palette - -o b.png",
    "yes '[[1,2,3],' | $Q a.png --init - -o b.png",
    "yes | $Q batch --files-from - -o b",
    "$Q batch --files-from /dev/zero -o b",
    "{ cat a.png; yes; } | $Q - --max-input 1M -k 3 -o b.png",
    "{ cat a.png; yes; } | $Q segment - --max-input 1M -k 3 -o b.png",
    "{ cat a.png; yes; } | $Q palette - --max-input 1M -k 3",
    "{ cat a.png; yes; } | $Q compare - --max-input 1M -k 3",
    "{ cat a.png; yes; } | $Q metrics a.png - --max-input 1M",
    "$Q a.png --max-input 1k -k 3 -o b.png",
    "$Q a.png --max-input 1k -k 3 -o b.png --memory 1",
    "cat a.png | $Q - --max-input 1k -k 3 -o b.png",
    "$Q segment a.png --max-input 1k -k 3 -o b.png",
    "$Q a.png --max-input 1k --palette a.png -o b.png",
  ])
  func bounds(line: String) throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    let run = try shell(bench, line)
    #expect(run.status == 65, "\(run.error)")
    #expect(run.error.contains("bytes allowed"), "\(run.error)")
    #expect(run.error.contains("--max-input"))
    #expect(try bench.names() == ["a.png"])
  }

  /// A PNG that asks for too much is refused before its data is read.
  @Test func limitsOfStreams() throws {
    let bench = try Workbench()
    let header = bigEndian(60_000) + bigEndian(60_000) + [8, 2, 0, 0, 0]
    try bench.write(
      PNGBuilder.signature + PNGBuilder.chunk("IHDR", header), to: "a")
    let run = try shell(bench, "{ cat a; yes; } | $Q - -k 3 -o b.png")
    #expect(run.status == 65)
    #expect(run.error.contains("--max-pixels 3600000000"))
  }

  @Test func whatIsAllowedIsRead() throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    let bytes = try bench.read("a.png").count
    let allowed = try shell(
      bench, "cat a.png | $Q - -k 3 -o b.png --max-input \(bytes)")
    #expect(allowed.status == 0, "\(allowed.error)")
    let refused = try shell(
      bench, "cat a.png | $Q - -k 3 -o c.png --max-input \(bytes - 1)")
    #expect(refused.status == 65)
    #expect(try bench.names() == ["a.png", "b.png"])
  }
}
