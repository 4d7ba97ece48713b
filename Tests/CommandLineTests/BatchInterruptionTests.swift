import Foundation
import Testing
import _TestSupport

/// `quantize batch` when it is ended before its time, and what the next makes of
/// that.
@Suite(.timeLimit(.minutes(5))) struct BatchInterruptionTests {
  private let count = 12

  /// A folder of images that take some time.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: true)
    for n in 0..<count {
      try bench.write(
        TestRasters.noisyGradient(width: 120 + n, height: 90),
        to: "in/\(10 + n).png")
    }
    return bench
  }

  private func call(_ folder: String, _ more: String...) -> [String] {
    ["batch", "in", "-k", "8", "-o", folder, "--progress", "json"] + more
  }

  /// The files of a folder by name, hidden ones but the ledger included.
  private func tree(
    _ bench: Workbench, _ folder: String
  ) throws -> [String: [UInt8]] {
    var tree: [String: [UInt8]] = [:]
    let names = try FileManager.default.contentsOfDirectory(
      atPath: bench.url(folder).path)
    for name in names where name != ".quantize-batch.jsonl" {
      tree[name] = try bench.read("\(folder)/\(name)")
    }
    return tree
  }

  @Test func interruptedItSaysHowToGoOn() throws {
    let bench = try bench()
    let running = try RunningCommand(bench, call("out"))
    running.wait(for: "\"done\"")
    running.send(SIGINT)
    let run = try running.finish()
    #expect(run.status == 130)
    #expect(run.errorLines.count == 1)
    #expect(
      run.error.contains("of \(count) images; run the same command again"))
    // Nothing half-done, neither visible nor hidden.
    let left = try tree(bench, "out")
    #expect(left.keys.allSatisfy { $0.hasSuffix(".png") })
    #expect(!left.isEmpty)

    let again = try bench.run(call("out"))
    #expect(again.status == 0, "\(again.error)")
    let lines = String(decoding: again.output, as: UTF8.self)
    #expect(lines.contains("\"event\":\"kept\""))
    #expect(try bench.run(call("whole")).status == 0)
    #expect(try tree(bench, "out") == tree(bench, "whole"))
  }

  /// The long form is `scripts/kill-batch`.
  @Test func killedAtAnyMomentTheNextRunFinishes() throws {
    let bench = try bench()
    #expect(try bench.run(call("whole")).status == 0)
    let whole = try tree(bench, "whole")
    var numbers = Generator(seed: 3)
    for done in [0, 1, 4, 7] {
      let running = try RunningCommand(bench, call("out"))
      running.wait(for: "\"selected\"")
      for _ in 0..<done { running.wait(for: "\"event\"") }
      usleep(UInt32(numbers.next() % 20_000))
      running.send(SIGKILL)
      _ = try running.finish()
      for (name, bytes) in try tree(bench, "out") where !name.hasPrefix(".") {
        #expect(whole[name] == bytes, "\(name)")
      }
    }
    let last = try bench.run(call("out"))
    #expect(last.status == 0, "\(last.error)")
    #expect(try tree(bench, "out") == whole)
  }

  #if os(Linux)
    @Test func watchingEndsWithASummary() throws {
      let bench = try bench()
      let running = try RunningCommand(
        bench, call("out", "--watch", "--report", "r.jsonl"))
      running.wait(for: "\"watching\"")
      try bench.write(
        TestRasters.noisyGradient(width: 20, height: 20), to: "new.png")
      try FileManager.default.moveItem(
        at: bench.url("new.png"), to: bench.url("in/new.png"))
      #expect(running.wait(for: "out/new.png")?.contains("done") == true)
      running.send(SIGINT)
      let run = try running.finish()
      #expect(run.status == 0, "\(run.error)")
      #expect(run.errorLines.count == 1)
      #expect(run.error.contains("watching 1 folder; Ctrl-C stops"))
      let lines = String(decoding: run.output, as: UTF8.self)
        .split(separator: "\n")
      let last = lines.last ?? ""
      #expect(last.contains("\"event\":\"summary\""))
      #expect(try bench.read("r.jsonl").contains(UInt8(ascii: "{")))
    }
  #endif
}
