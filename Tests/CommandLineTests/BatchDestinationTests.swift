import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Where the outputs of a batch go, and which formats they have.
@Suite struct BatchDestinationTests {
  /// A folder of a PNG, JPEGs of the same name of which few colours make the
  /// large one no smaller, a flat JPEG, a PNG that cannot get smaller, and a text.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in/sub"), withIntermediateDirectories: true)
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "in/a.png")
    try bench.write(
      JPEGEncoder(quality: 100).encode(
        TestRasters.noisyGradient(width: 60, height: 40)), to: "in/sub/a.jpg")
    try bench.write(
      JPEGEncoder(quality: 100).encode(
        TestRasters.make(width: 64, height: 64) { x, y in
          [0x204060, 0xc0c0c0, 0x804020, 0xf0e0d0][x / 32 + y / 32 * 2]
        }), to: "in/sub/d.jpg")
    try bench.write(
      JPEGEncoder(quality: 10).encode(
        TestRasters.noisyGradient(width: 60, height: 40)), to: "in/a.jpeg")
    try bench.write(
      TestRasters.noisyGradient(width: 1, height: 1), to: "large.png")
    _ = try bench.run([
      "large.png", "-k", "1", "--optimize", "--strip", "-o", "in/sub/c.png",
    ])
    try FileManager.default.removeItem(at: bench.url("large.png"))
    try bench.write(Array("words".utf8), to: "in/notes.txt")
    return bench
  }

  private func files(_ bench: Workbench, _ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(
      atPath: bench.url(folder).path
    ).filter { $0.contains(".") && !$0.hasPrefix(".") }.sorted()
  }

  @Test func sameKeepsFormatsAndCopiesWhatWouldGrow() throws {
    let bench = try bench()
    let run = try bench.run([
      "batch", "in", "-r", "--format", "same", "-k", "16", "-o", "out",
      "--report", "r.csv",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(
      try files(bench, "out") == [
        "a.jpeg", "a.png", "sub/a.jpg", "sub/c.png", "sub/d.jpg",
      ])
    #expect(try bench.read("out/a.jpeg") == bench.read("in/a.jpeg"))
    #expect(try bench.read("out/sub/a.jpg") == bench.read("in/sub/a.jpg"))
    #expect(try bench.read("out/sub/c.png") == bench.read("in/sub/c.png"))
    #expect(
      try bench.read("out/a.png").count < bench.read("in/a.png").count)
    #expect(
      try ImageDecoder.decode(try bench.read("out/sub/d.jpg")).format == .jpeg)
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(text.contains("2 done, 3 copied, 1 skipped, 0 failed"), "\(text)")
    #expect(
      run.error.contains(
        "in/notes.txt: skipped: not a PNG, JPEG, TIFF, WebP, GIF or BMP"))
    let report = String(decoding: try bench.read("r.csv"), as: UTF8.self)
    let lines = report.split(separator: "\r\n")
    #expect(lines.count == 7)
    #expect(lines.count { $0.contains(",copied,") } == 3)
    #expect(lines.count { $0.contains(",done,") } == 2)
    #expect(lines.count { $0.hasPrefix("in/notes.txt,") } == 1)
    // Copies are finished outputs.
    let again = try bench.run([
      "batch", "in", "-r", "--format", "same", "-k", "16", "-o", "out",
    ])
    #expect(
      String(decoding: again.output, as: UTF8.self).contains(
        "0 done, 5 kept from earlier"))
  }

  @Test func inPlaceReplacesWhatGetsSmaller() throws {
    let bench = try bench()
    let names = try files(bench, "in")
    let before = try names.map { try bench.read("in/\($0)") }
    let run = try bench.run(["batch", "in", "-r", "--in-place", "-k", "16"])
    #expect(run.status == 0, "\(run.error)")
    #expect(try files(bench, "in") == names)
    let after = try names.map { try bench.read("in/\($0)") }
    let smaller = zip(before, after).map { $0 != $1 }
    // a.jpeg, a.png, notes.txt, sub/a.jpg, sub/c.png, sub/d.jpg
    #expect(smaller == [false, true, false, false, false, true])
    for (old, new) in zip(before, after) { #expect(new.count <= old.count) }
    #expect(run.error.contains("in/a.jpeg: skipped: would have"))
    #expect(run.error.contains("a.jpg: skipped: with fewer colours"))
  }

  /// Formats that are only read have none to keep, whatever way it is asked for.
  @Test(arguments: [
    ["--format", "same", "-o", "out"], ["--in-place"],
    ["--ext", "-small", "--format", "same"],
  ])
  func formatsThatAreOnlyReadAreLeftAlone(options: [String]) throws {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: true)
    var tiff = TIFFBuilder()
    (tiff.width, tiff.height, tiff.samples) = (40, 40, 3)
    tiff.photometric = 2
    let read: [(String, [UInt8])] = [
      ("a.webp", WebPFiles.lossless),
      ("b.gif", GIFBuilder().bytes { x, _ in x }),
      ("c.bmp", BMPBuilder().bytes { x, y in x * y }),
      ("d.tif", tiff.bytes { x, y, _ in UInt64(x * y % 256) }),
    ]
    for (name, bytes) in read { try bench.write(bytes, to: "in/\(name)") }
    // Alone they are an error, and beside others they are passed over.
    let alone = try bench.run(["batch", "in", "-k", "4"] + options)
    #expect(alone.status == 64, "\(alone.error)")
    #expect(alone.error.contains("a.webp: a WebP is read, but not written"))
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "in/e.png")
    let run = try bench.run(["batch", "in", "-k", "4"] + options)
    #expect(run.status == 0, "\(run.error)")
    #expect(
      run.error.contains("a.webp: skipped: a WebP is read, but not written"))
    #expect(
      try files(bench, "in").filter { !$0.hasPrefix("e") } == read.map(\.0))
    for (name, bytes) in read { #expect(try bench.read("in/\(name)") == bytes) }
    let png = try bench.run(["batch", "in", "-k", "4", "-o", "png"])
    #expect(png.status == 0, "\(png.error)")
    #expect(
      try files(bench, "png").filter { !$0.contains("small") } == [
        "a.png", "b.png", "c.png", "d.png", "e.png",
      ])
  }

  @Test func endingsGoNextToTheInputs() throws {
    let bench = try bench()
    let arguments = ["batch", "in", "-r", "--ext", "-small.png", "-k", "8"]
    let run = try bench.run(arguments)
    #expect(run.status == 65, "\(run.error)")
    #expect(run.error.contains("as that of"), "\(run.error)")
    #expect(
      try files(bench, "in").filter { $0.contains("-small") }
        == [
          "a-small.png", "sub/a-small.png", "sub/c-small.png",
          "sub/d-small.png",
        ])
    // Outputs are no inputs.
    let again = try bench.run(arguments + ["--force"])
    #expect(again.error.contains("its name is that of an output"))
    #expect(!(try files(bench, "in").contains { $0.contains("small-small") }))
    let same = try bench.run([
      "batch", "in", "--ext", "-s", "--format", "same", "-k", "8",
    ])
    #expect(same.status == 0, "\(same.error)")
    #expect(
      try files(bench, "in").filter { $0.contains("-s.") }
        == ["a-s.jpeg", "a-s.png", "a-small-s.png"])
  }

  @Test func linksBecomeLinks() throws {
    let bench = try bench()
    let manager = FileManager.default
    for (name, target) in [
      ("in/0.png", "a.png"), ("in/other", "sub"), ("in/far.png", "../far.png"),
    ] {
      try manager.createSymbolicLink(
        atPath: bench.url(name).path, withDestinationPath: target)
    }
    try bench.write(TestRasters.disc(side: 20), to: "far.png")
    for _ in 0..<2 {
      let run = try bench.run([
        "batch", "in", "-r", "--format", "same", "-k", "8", "-o", "out",
        "--progress", "json",
      ])
      #expect(run.status == 0, "\(run.error)")
      func target(_ name: String) -> String? {
        try? manager.destinationOfSymbolicLink(atPath: bench.url(name).path)
      }
      #expect(target("out/0.png") == "a.png")
      #expect(target("out/other") == "sub")
      // Its target is no input.
      #expect(target("out/far.png") == nil)
      #expect(try bench.read("out/far.png").isEmpty == false)
      #expect(try bench.read("out/other/a.jpg").isEmpty == false)
    }
  }

  @Test func nothingIsWrittenInADryRun() throws {
    let bench = try bench()
    let before = try files(bench, ".")
    let run = try bench.run([
      "batch", "in", "-r", "--format", "same", "-o", "out", "--dry-run",
    ])
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.contains("make\tin/a.png\tout/a.png"), "\(lines)")
    #expect(
      lines.contains(
        "skip\tin/notes.txt\tnot a PNG, JPEG, TIFF, WebP, GIF or BMP"))
    #expect(try files(bench, ".") == before)
    #expect(!FileManager.default.fileExists(atPath: bench.url("out").path))
  }

  @Test func eventsOfFailuresNameTheInput() throws {
    let bench = try bench()
    try bench.write(Array("words".utf8), to: "in/words.png")
    let run = try bench.run([
      "batch", "in", "-k", "4", "-o", "out", "--progress", "json", "-q",
    ])
    #expect(run.status == 65)
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n")
    let failed = lines.filter { $0.contains("\"event\":\"failed\"") }
    #expect(failed.count == 2)
    #expect(failed.allSatisfy { $0.contains("\"input\":\"in/") }, "\(failed)")
  }

  @Test(arguments: [
    (["--in-place", "-o", "out"], "--in-place"),
    (["--in-place", "--format", "png"], "each image keeps its format"),
    (["--ext", "-a.png", "-o", "out"], "--ext"),
    (["--ext", "-a.png", "--format", "same"], "--format same"),
    (["--in-place", "--watch"], "--watch needs a folder"),
    (["--ext", "/a.png"], "--ext"), ([], "no output is given"),
    (["--in-place", "--resume"], "--resume needs a folder"),
  ])
  func contradictions(options: [String], reason: String) throws {
    let bench = try bench()
    let run = try bench.run(["batch", "in"] + options)
    #expect(run.status == 64)
    #expect(run.error.contains(reason), "\(run.error)")
  }
}
