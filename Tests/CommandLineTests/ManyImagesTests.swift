import Foundation
import ImageFormats
import Testing
import _TestSupport

/// Several inputs of the main command, as pngquant takes them.
@Suite struct ManyImagesTests {
  /// Two images that get smaller, and one that cannot.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for (name, width) in [("a.png", 40), ("b.png", 50)] {
      try bench.write(
        TestRasters.noisyGradient(width: width, height: 40), to: name)
    }
    return bench
  }

  /// The smallest file for an image.
  private func addSmall(_ bench: Workbench) throws {
    try bench.write(
      TestRasters.noisyGradient(width: 1, height: 1), to: "large.png")
    _ = try bench.run([
      "large.png", "-k", "1", "--optimize", "--strip", "-o", "c.png",
    ])
    try FileManager.default.removeItem(at: bench.url("large.png"))
  }

  @Test func eachIsWrittenNextToItsInput() throws {
    let bench = try bench()
    let many = try bench.run(["a.png", "b.png", "-k", "8"])
    #expect(many.status == 0, "\(many.error)")
    #expect(
      try bench.names()
        == ["a-quantized.png", "a.png", "b-quantized.png", "b.png"])
    let one = try bench.run(["b.png", "-k", "8", "-o", "one.png"])
    #expect(one.status == 0)
    #expect(try bench.read("one.png") == bench.read("b-quantized.png"))
    // Nothing is replaced unasked.
    let again = try bench.run(["8", "a.png", "b.png"])
    #expect(again.status == 73)
    #expect(again.error.contains("a-quantized.png: the file exists"))
  }

  @Test func manyInPlace() throws {
    let bench = try bench()
    try addSmall(bench)
    let before = try ["a.png", "b.png", "c.png"].map { try bench.read($0) }
    let run = try bench.run([
      "--ext", ".png", "--force", "--skip-if-larger", "-k", "8", "a.png",
      "b.png", "c.png",
    ])
    #expect(run.status == 98, "\(run.error)")
    #expect(run.error.contains("1 of 3 images would not be smaller"))
    #expect(run.error.contains("c.png: skipped"))
    #expect(try bench.names() == ["a.png", "b.png", "c.png"])
    #expect(try bench.read("a.png").count < before[0].count)
    #expect(try bench.read("b.png").count < before[1].count)
    #expect(try bench.read("c.png") == before[2])
    #expect(
      String(decoding: run.output, as: UTF8.self).contains("2 done"))
  }

  @Test func missedQualityIs99() throws {
    let bench = try bench()
    let before = try bench.read("a.png")
    let run = try bench.run([
      "--ext", ".png", "--force", "--quality", "99-100", "--k-max", "2",
      "a.png", "b.png",
    ])
    #expect(run.status == 99, "\(run.error)")
    #expect(run.error.contains("2 of 2 images failed"))
    #expect(try bench.read("a.png") == before)
  }

  @Test func oneThatFailsDoesNotStopTheOthers() throws {
    let bench = try bench()
    try bench.write(Array("words".utf8), to: "words.txt")
    let run = try bench.run(["words.txt", "none.png", "a.png", "-k", "4"])
    #expect(run.status == 65, "\(run.error)")
    #expect(run.error.contains("words.txt"))
    #expect(run.error.contains("none.png: there is no such file"))
    #expect(try bench.names().contains("a-quantized.png"))
  }

  @Test(arguments: [
    (["-o", "x.png"], "--ext"), (["--report", "r.json"], "batch --report"),
    (["--palette-out", "p.gpl"], "--palette-out"),
    (["--uncertainty", "u.png"], "--uncertainty"), (["-"], "standard input"),
    (["folder"], "quantize batch"),
  ])
  func whatIsForOneImageIsRefused(more: [String], reason: String) throws {
    let bench = try bench()
    try FileManager.default.createDirectory(
      at: bench.url("folder"), withIntermediateDirectories: true)
    let run = try bench.run(["a.png", "b.png"] + more)
    #expect(run.status == 64)
    #expect(run.error.contains(reason), "\(run.error)")
    #expect(try bench.names() == ["a.png", "b.png", "folder"])
  }
}
