import Foundation
import ImageFormats
import Testing
import _TestSupport

/// `quantize batch`.
@Suite struct BatchCommandTests {
  /// A folder `in` with two images, one of them in a folder of its own.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in/sub"), withIntermediateDirectories: true)
    try bench.write(
      TestRasters.noisyGradient(width: 40, height: 30), to: "in/a.png")
    try bench.write(
      TestRasters.noisyGradient(width: 30, height: 50), to: "in/sub/b")
    return bench
  }

  /// The files below a folder, the ledger left out.
  private func files(_ bench: Workbench, _ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: bench.url(folder).path)
      .filter { !$0.hasSuffix(".jsonl") && $0 != "sub" }.sorted()
  }

  private func run(
    _ bench: Workbench, _ arguments: String...
  ) throws -> CommandRun {
    try bench.run(["batch"] + arguments + ["-k", "4"])
  }

  @Test func keepsTheTreeAndTellsImagesByContent() throws {
    let bench = try bench()
    try bench.write(Array("words".utf8), to: "in/notes.txt")
    let run = try run(bench, "in", "-r", "-o", "out")
    #expect(run.status == 0, "\(run.error)")
    #expect(try files(bench, "out") == ["a.png", "sub/b.png"])
    #expect(
      String(decoding: run.output, as: UTF8.self)
        .hasPrefix("2 done, 1 skipped, 0 failed"))
    let single = try bench.run(["in/a.png", "-k", "4", "-o", "a.png"])
    #expect(single.status == 0)
    #expect(try bench.read("out/a.png") == bench.read("a.png"))
  }

  @Test func oneBadFileStopsNoOther() throws {
    let bench = try bench()
    try bench.write(Array("words".utf8), to: "in/bad.png")
    let run = try run(bench, "in", "missing.png", "-o", "out")
    #expect(run.status == 65)
    #expect(run.errorLines.count == 3)
    #expect(run.error.contains("in/bad.png: this is plain text"))
    #expect(run.error.contains("missing.png: there is no such file"))
    #expect(try files(bench, "out") == ["a.png"])
  }

  @Test func loopsEndAndTheOutputIsNotRead() throws {
    let bench = try bench()
    try FileManager.default.createSymbolicLink(
      atPath: bench.url("in/sub/loop").path, withDestinationPath: "..")
    for _ in 0..<2 {
      let run = try run(bench, "in", "-r", "-o", "in/out")
      #expect(run.status == 0, "\(run.error)")
      #expect(try files(bench, "in/out") == ["a.png", "sub/b.png"])
    }
    #expect(try run(bench, "in", "-o", "in").status == 64)
  }

  @Test func twoInputsNeverShareAnOutput() throws {
    let bench = try bench()
    try bench.write(try bench.read("in/sub/b"), to: "in/sub/a.png")
    let run = try run(bench, "in/a.png", "in/sub/a.png", "-o", "out")
    #expect(run.status == 65)
    #expect(run.error.contains("as that of in/a.png"))
    let forced = try self.run(bench, "in/a.png", "-f", "-o", "in")
    #expect(forced.status == 65)
    #expect(forced.error.contains("is the input in/a.png"))
  }

  @Test func readsListsWithTheirFolders() throws {
    let bench = try bench()
    let run = try bench.run(
      ["batch", "--files-from", "-", "-o", "out"],
      input: Array("in/a.png\0in/sub/b\0".utf8))
    #expect(run.status == 0, "\(run.error)")
    #expect(
      FileManager.default.fileExists(atPath: bench.url("out/in/sub/b.png").path)
    )
  }

  @Test func goesOnWhereItWas() throws {
    let bench = try bench()
    #expect(try run(bench, "in", "-r", "-o", "out").status == 0)
    let whole = try bench.read("out/a.png")
    // As a process that was killed leaves it: no last line, and an odd file.
    let ledger = "out/.quantize-batch.jsonl"
    let text = String(decoding: try bench.read(ledger), as: UTF8.self)
    let lines = text.split(separator: "\n").filter {
      !($0.contains("\"done\"") && $0.contains("in/a.png"))
    }
    try bench.write(
      Array((lines.joined(separator: "\n") + "\n{\"outp").utf8), to: ledger)
    try bench.write([1, 2, 3], to: "out/.quantize-batch-left")
    try bench.write([1, 2, 3], to: "out/a.png")
    let again = try run(bench, "in", "-r", "-o", "out")
    #expect(again.status == 0, "\(again.error)")
    #expect(
      String(decoding: again.output, as: UTF8.self)
        .hasPrefix("1 done, 1 kept from earlier, 0 skipped, 0 failed"))
    #expect(try bench.read("out/a.png") == whole)
    #expect(try files(bench, "out") == ["a.png", "sub/b.png"])
  }

  @Test func changedOptionsNeedResume() throws {
    let bench = try bench()
    #expect(try run(bench, "in", "-o", "out").status == 0)
    let first = try bench.read("out/a.png")
    let refused = try run(bench, "in", "-o", "out", "--cprime", "2")
    #expect(refused.status == 65)
    #expect(refused.error.contains("--resume"))
    #expect(try bench.read("out/a.png") == first)
    let made = try run(bench, "in", "-o", "out", "--cprime", "2", "--resume")
    #expect(made.status == 0, "\(made.error)")
    #expect(try bench.read("out/a.png") != first)
  }

  @Test func foreignFilesStay() throws {
    let bench = try bench()
    try FileManager.default.createDirectory(
      at: bench.url("out"), withIntermediateDirectories: true)
    try bench.write([1, 2, 3], to: "out/a.png")
    for _ in 0..<2 {
      #expect(try run(bench, "in", "-o", "out", "--resume").status == 65)
      #expect(try bench.read("out/a.png") == [1, 2, 3])
    }
  }

  @Test func sharedPaletteIsOneForAllAndAnyJobs() throws {
    let bench = try bench()
    for (jobs, folder) in [("1", "x"), ("3", "y")] {
      let run = try run(
        bench, "in", "-r", "--shared-palette", "--jobs", jobs, "-o", folder)
      #expect(run.status == 0, "\(run.error)")
    }
    #expect(
      try files(bench, "x") == ["a.png", "palette.json", "sub/b.png"])
    for name in try files(bench, "x") {
      #expect(try bench.read("x/\(name)") == bench.read("y/\(name)"))
    }
  }

  @Test func reportsAndBudgets() throws {
    let bench = try bench()
    let run = try run(bench, "in", "-r", "-o", "out", "--report", "r.csv")
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: try bench.read("r.csv"), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("input,output,width,height,"))
    #expect(lines[1].hasPrefix("in/a.png,out/a.png,40,30,"))
    // What does not fit is read strip by strip, or says why it cannot be.
    let small = try self.run(bench, "in", "-o", "out2", "--memory", "1M")
    #expect(small.status == 0, "\(small.error)")
    let whole = try self.run(
      bench, "in", "-o", "out3", "--memory", "1M", "--optimize")
    #expect(whole.status == 65)
    #expect(whole.error.contains("--optimize"), "\(whole.error)")
    #expect(whole.error.contains("--memory"), "\(whole.error)")
  }

  /// The fields of a report of a batch, which a ledger has kept, are those of
  /// the single command.
  @Test(arguments: [
    ["-k", "8", "-c", "2"], ["-k", "200"], ["-k", "auto", "-c", "2"],
    ["--target-psnr", "99", "--k-max", "2000"],
    ["--target-delta-e", "0.01", "--k-max", "2000"],
    ["--quality", "0-100"], ["-k", "4", "--format", "jpeg"],
    [
      "-k", "5", "--mixing", "learned", "--variance", "per-component",
      "--seed", "18446744073709551615",
    ], ["-k", "5", "--dither", "sierra", "--balance", "0.5"],
  ])
  func reportsHaveTheFieldsOfTheSingleCommand(options: [String]) throws {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: false)
    let small = TestRasters.make(width: 9, height: 7) { x, y in
      UInt32((x * y) % 11) * 0x17_1311
    }
    let disc = TestRasters.disc(side: 40)
    let images = [
      "small.png": small,
      "photo.png": TestRasters.noisyGradient(width: 24, height: 20),
    ].merging(options.contains("jpeg") ? [:] : ["disc.png": disc]) { $1 }
    for (name, raster) in images { try bench.write(raster, to: "in/\(name)") }
    let batch = try bench.run(
      ["batch", "in", "-o", "out", "--report", "r.jsonl"] + options)
    #expect(batch.status == 0, "\(batch.error)")
    var records: [String: [String: Any]] = [:]
    for line in try bench.read("r.jsonl").split(separator: UInt8(ascii: "\n")) {
      let record = try Self.fields(Array(line))
      records[try #require(record["input"] as? String)] = record
    }
    #expect(records.count == images.count)
    let ending = options.contains("jpeg") ? "jpg" : "png"
    for name in images.keys {
      let single = try bench.run(
        ["in/\(name)", "-q", "-f", "-o", "x.\(ending)", "--report", "r.json"]
          + options)
      #expect(single.status == 0, "\(single.error)")
      let expected = try Self.fields(bench.read("r.json"))
      let record = try #require(records["in/\(name)"])
      #expect(record.keys.sorted() == expected.keys.sorted())
      // These differ from run to run.
      let others = ["seconds", "peakMemoryBytes", "output", "threads"]
      for key in expected.keys where !others.contains(key) {
        #expect(
          try Self.text(record[key]) == Self.text(expected[key]),
          "\(name): \(key)")
      }
    }
  }

  private static func fields(_ json: [UInt8]) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
  }

  /// A value of JSON, with all fields that are in it.
  private static func text(_ value: Any?) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: [value ?? "absent"], options: .sortedKeys)
    return String(decoding: data, as: UTF8.self)
  }

  /// A file name that a spreadsheet would run.
  @Test func namesInReportsAreNoFormulas() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 12, height: 8), to: "=cmd.png")
    let run = try bench.run([
      "batch", "./=cmd.png", "-k", "2", "-o", "=out", "--report", "r.csv",
    ])
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: try bench.read("r.csv"), as: UTF8.self)
      .components(separatedBy: "\r\n")
    try #require(lines.count == 3)
    let row = lines[1].split(separator: ",")
    #expect(row[0].hasSuffix("=cmd.png") && !row[0].hasPrefix("="))
    #expect(row[1] == "'=out/=cmd.png")
  }
}
