import Foundation
import Quantization
import QuantizeKit
import Synchronization
import SystemPackage
import Testing
import TruncatedEM

/// Batches, with what earlier ones have left.
@Suite struct BatchJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.writeImage("in/a.png", shade: 1)
    try folder.writeImage("in/b.png", shade: 2)
  }

  private func job(_ colors: Int = 4) throws -> BatchJob {
    BatchJob(
      sources: BatchSources(
        paths: [folder.path("in")], isRecursive: true,
        output: folder.path("out")),
      options: QuantizeOptions(
        start: .search(try PaletteSize(colors)),
        truncation: Truncation(1)))
  }

  private func run(
    _ job: BatchJob
  ) throws -> (summary: BatchSummary, errors: [QuantizeError]) {
    let errors = Mutex<[QuantizeError]>([])
    let summary = try job.run { event in
      if case .failed(let failure) = event {
        errors.withLock { $0.append(failure.error) }
      }
    }
    return (summary, errors.withLock(\.self))
  }

  /// Done, kept, skipped, failed.
  private func counts(_ summary: BatchSummary) -> [Int] {
    [summary.done, summary.kept, summary.skipped, summary.failed]
  }

  private let ledger = "out/.quantize-batch.jsonl"

  @Test func finishedOutputsAreKept() throws {
    let first = try run(job()).summary
    #expect(counts(first) == [2, 0, 0, 0])
    #expect(
      try first.outputBytes
        == folder.read("out/a.png").count + folder.read("out/b.png").count)
    let second = try run(job()).summary
    #expect(counts(second) == [0, 2, 0, 0])
    #expect(second.inputBytes == first.inputBytes)
    #expect(second.outputBytes == first.outputBytes)
    try FileManager.default.removeItem(at: folder.url("out/a.png"))
    #expect(counts(try run(job()).summary) == [1, 1, 0, 0])
    var forced = try job()
    forced.replaces = true
    #expect(counts(try run(forced).summary) == [2, 0, 0, 0])
  }

  @Test func contentCountsNotTime() throws {
    _ = try run(job())
    let later = Date(timeIntervalSinceNow: 100)
    try FileManager.default.setAttributes(
      [.modificationDate: later], ofItemAtPath: folder.url("in/a.png").path)
    #expect(counts(try run(job()).summary) == [0, 2, 0, 0])

    try folder.writeImage("in/a.png", shade: 3)
    let refused = try run(job())
    #expect(counts(refused.summary) == [0, 1, 0, 1])
    #expect(refused.errors == [.outputOutdated(folder.path("out/a.png"))])
    var resumed = try job()
    resumed.resumes = true
    #expect(counts(try run(resumed).summary) == [1, 1, 0, 0])
    #expect(counts(try run(job()).summary) == [0, 2, 0, 0])
  }

  @Test func otherOptionsAreOtherOutputs() throws {
    _ = try run(job())
    #expect(counts(try run(job(5)).summary) == [0, 0, 0, 2])
    var resumed = try job(5)
    resumed.resumes = true
    #expect(counts(try run(resumed).summary) == [2, 0, 0, 0])
  }

  @Test func filesOfOthersStay() throws {
    _ = try run(job())
    // No longer what the ledger says.
    try folder.write([1, 2, 3], to: "out/a.png")
    var resumed = try job()
    resumed.resumes = true
    let result = try run(resumed)
    #expect(result.errors == [.outputExists(folder.path("out/a.png"))])
    #expect(try folder.read("out/a.png") == [1, 2, 3])
  }

  @Test(arguments: 0..<8) func aLedgerCutAnywhereIsRead(part: Int) throws {
    _ = try run(job())
    let whole = try folder.read("out/a.png")
    let lines = try folder.read(ledger)
    try folder.write(
      Array(lines.prefix(lines.count * part / 8)), to: ledger)
    // What the ledger no longer knows is somebody else's, unless it was begun.
    var forced = try job()
    let known = try run(job()).summary
    #expect(known.failed + known.done + known.kept == 2)
    #expect(try folder.read("out/a.png") == whole)
    forced.replaces = true
    #expect(counts(try run(forced).summary) == [2, 0, 0, 0])
    #expect(counts(try run(job()).summary) == [0, 2, 0, 0])
    #expect(try folder.read("out/a.png") == whole)
  }

  @Test func aFolderBelongsToOneBatchAtATime() throws {
    let other = try job()
    let inner = Mutex<QuantizeError?>(nil)
    _ = try job().run { event in
      guard case .done = event else { return }
      do throws(QuantizeError) {
        _ = try other.run { _ in }
      } catch {
        inner.withLock { $0 = error }
      }
    }
    let thrown = inner.withLock { $0 }
    let error = try #require(thrown)
    #expect(error.exitStatus == .cannotCreate)
    #expect(error.message.contains("another batch"))
  }

  @Test func imagesAboveTheBudgetAreReadStripByStrip() throws {
    try folder.write(try ScratchFolder.image(), to: "in/c.png")
    var job = try job()
    job.memory = 1 << 20
    job.skipsIfLarger = false
    #expect(counts(try run(job).summary) == [3, 0, 0, 0])
    job.replaces = true
    job.memory = 80 << 20
    job.jobs = 3
    #expect(counts(try run(job).summary) == [3, 0, 0, 0])
  }

  @Test func growingImagesAreRememberedAsSkipped() throws {
    var job = try job(108)
    job.skipsIfLarger = true
    // Compressed by pixels alone, a palette only adds to it.
    let first = try run(job).summary
    let names = try folder.files("out")
    #expect(first.done == names.count)
    #expect(first.skipped == 2 - names.count)
    #expect(first.skipped > 0)
    let second = try run(job).summary
    #expect(second.skipped == first.skipped)
    #expect(second.kept == first.done)
    job.skipsIfLarger = false
    job.resumes = true
    #expect(counts(try run(job).summary) == [2, 0, 0, 0])
  }

  @Test func reportsComeFromTheLedgerToo() throws {
    var job = try job()
    job.report = .file(folder.path("r.jsonl"))
    _ = try run(job)
    let first = try folder.read("r.jsonl")
    let reports = try first.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Report.self, from: Data($0))
    }
    #expect(
      reports.map(\.input)
        == ["in/a.png", "in/b.png"].map { folder.path($0).string })
    #expect(reports.allSatisfy { $0.deltaE2000 != nil })
    job.report = .file(folder.path("again.jsonl"))
    #expect(counts(try run(job).summary) == [0, 2, 0, 0])
    #expect(try folder.read("again.jsonl") == first)
  }

  @Test func tablesQuoteNames() throws {
    try folder.writeImage("in/x,\"y\"\u{301}.png")
    var job = try job()
    job.report = .file(folder.path("r.csv"))
    job.reportFormat = .csv
    _ = try run(job)
    let text = String(decoding: try folder.read("r.csv"), as: UTF8.self)
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count == 5)
    let name = "/in/x,\"\"y\"\"\u{301}.png\",\""
    #expect(lines[3].utf8.firstRange(of: name.utf8) != nil)
    #expect(lines[1].split(separator: ",").count > 15)
    #expect(lines.last == "")
  }

  @Test func jobsAndThreadsChangeNothing() throws {
    for n in 0..<6 { try folder.writeImage("in/\(n).png", shade: UInt32(n)) }
    var expected: [[UInt8]] = []
    for (jobs, threads) in [(1, 1), (2, 2), (4, 1), (3, 8)] {
      var job = BatchJob(
        sources: BatchSources(
          paths: [folder.path("in")],
          output: folder.path("out\(jobs)-\(threads)")),
        options: try self.job().options)
      job.jobs = jobs
      job.sharesPalette = threads == 8
      #expect(counts(try run(job).summary) == [8, 0, 0, 0])
      guard !job.sharesPalette else { continue }
      let outputs = try folder.files("out\(jobs)-\(threads)").map {
        try folder.read("out\(jobs)-\(threads)/\($0)")
      }
      if expected.isEmpty { expected = outputs }
      #expect(outputs.count == 8)
      #expect(outputs == expected)
    }
  }
}
