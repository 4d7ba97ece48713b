import Foundation
import ImageFormats
import Testing
import _TestSupport

/// The options of `quantize batch`.
@Suite struct BatchOptionTests {
  /// A folder `in` of photo-like images and one with alpha.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: true)
    try bench.write(
      TestRasters.noisyGradient(width: 40, height: 30), to: "in/a.png")
    try bench.write(
      TestRasters.noisyGradient(width: 30, height: 50), to: "in/b.png")
    try bench.write(TestRasters.disc(side: 32), to: "in/c.png")
    return bench
  }

  private func run(
    _ bench: Workbench, _ arguments: String...
  ) throws -> CommandRun {
    try bench.run(["batch"] + arguments)
  }

  @Test func contradictionsAreRefused() throws {
    let bench = try bench()
    let cases: [([String], [String])] = [
      ([], ["no input is given"]),
      (["in", "--force", "--resume"], ["--force", "--resume"]),
      (["in", "--palette-out", "p"], ["--palette-out", "--shared-palette"]),
      (["in", "--jobs", "0"], ["--jobs must be 1 or more, not 0"]),
      (["in", "--jobs", "-1"], ["--jobs must be 1 or more, not -1"]),
      (["in", "--memory", "much"], ["--memory", "a size", "much"]),
      (["in", "--memory", "0"], ["--memory", "a size"]),
      (["in", "--report", "r.txt"], [".jsonl", ".csv"]),
      (["in", "--report", "-", "--progress", "json"], ["--report -"]),
      (["in", "--progress", "loud"], ["--progress", "loud"]),
      (["in", "--format", "gif"], ["gif", "--format"]),
      (["in", "--shared-palette", "-k", "257"], ["at most 256 colours"]),
      (
        ["in", "--shared-palette", "--palette", "in/a.png"],
        ["--shared-palette", "--palette"]
      ),
      (
        ["in", "--shared-palette", "--output-profile", "input"],
        ["--output-profile p3"]
      ),
      (
        ["in", "--shared-palette", "--watch"], ["--watch", "--shared-palette"]
      ),
      (
        ["--files-from", "-", "--palette", "-"],
        ["--files-from and --palette", "standard input"]
      ),
      (["in", ""], ["the file name of an input is empty"]),
      (["nothing.txt", "in/*.gif"], ["there is no such file"]),
    ]
    for (arguments, words) in cases {
      let run = try bench.run(["batch"] + arguments + ["-o", "out"])
      let status: Int32 = words[0].hasPrefix("there") ? 65 : 64
      #expect(run.status == status, "\(arguments): \(run.error)")
      for word in words {
        #expect(run.error.contains(word), "\(arguments): \(run.error)")
      }
    }
    #expect(try run(bench, "in").status == 64)
    #expect(
      try run(bench, "in", "-o", "in/a.png").status == 73)
  }

  /// Options of the other commands are not taken for unknown ones.
  @Test(arguments: [
    (
      "--responsibilities", "a.npz",
      "`quantize`, `quantize fit` and `quantize segment`"
    ),
    ("--soft-output", "a.png", "`quantize` and `quantize segment`"),
    ("--uncertainty", "a.png", "`quantize` and `quantize segment`"),
    ("--uncertainty-colors", "", "`quantize` and `quantize segment`"),
    ("--soft-depth", "16", "`quantize` and `quantize segment`"),
    ("--superpixels", "9", "quantize segment"),
    ("--compactness", "9", "quantize segment"),
    ("--spatial", "9", "quantize segment"),
    ("--compactness", "9", "quantize segment"),
    ("--overlay", "a.png", "quantize segment"),
    ("--overlay-color", "red", "quantize segment"),
    ("--regions", "a.json", "quantize segment"),
    ("--outlines", "a.svg", "quantize segment"),
    ("--simplify", "2", "quantize segment"),
  ])
  func optionsOfOtherCommandsAreRefused(
    option: String, value: String, words: String
  ) throws {
    let bench = try bench()
    let spellings =
      value.isEmpty ? [[option]] : [[option, value], ["\(option)=\(value)"]]
    for spelling in spellings {
      let run = try bench.run(["batch", "in", "-o", "out"] + spelling)
      #expect(run.status == 64)
      #expect(run.errorLines.count == 1, "\(run.error)")
      #expect(run.error.contains(option) && run.error.contains(words))
      #expect(!FileManager.default.fileExists(atPath: bench.url("out").path))
    }
    // Behind `--` it is the name of a file.
    let named = try bench.run(["batch", "-o", "out", "--", option])
    #expect(named.status == 65)
    #expect(named.error.contains("there is no such file"))
  }

  @Test func listsEndNamesInNULOrLineBreaks() throws {
    let bench = try bench()
    try bench.write(Array("in/a.png\r\nin/b.png\n".utf8), to: "list")
    let lines = try run(bench, "--files-from", "list", "-o", "x")
    #expect(lines.status == 0, "\(lines.error)")
    let stream = try bench.run(
      ["batch", "--files-from", "-", "-o", "y"],
      input: Array("in/a.png\0in/b.png".utf8))
    #expect(stream.status == 0, "\(stream.error)")
    for name in ["in/a.png", "in/b.png"] {
      #expect(try bench.read("x/\(name)") == bench.read("y/\(name)"))
    }
    #expect(
      try run(bench, "--files-from", "missing", "-o", "z").status == 66)
    #expect(!(try bench.names()).contains("z"))
  }

  @Test func patternsNeedNoShell() throws {
    let bench = try bench()
    let run = try run(bench, "in/[ab].png", "-o", "out", "--progress", "none")
    #expect(run.status == 0, "\(run.error)")
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: bench.url("out").path
      ).sorted() == [".quantize-batch.jsonl", "a.png", "b.png"])
  }

  @Test func progressForProgramsIsJSON() throws {
    struct Line: Decodable {
      var event: String
      var input: String?
      var output: String?
      var outputBytes: Int?
      var reason: String?
      var images: Int?
      var summary: Summary?
      struct Summary: Decodable {
        var done: Int
        var skipped: Int
        var failed: Int
        var outputBytes: Int
      }
    }
    let bench = try bench()
    try bench.write(Array("x".utf8), to: "in/notes")
    try bench.write(Array("x".utf8), to: "in/bad.png")
    let run = try run(bench, "in", "-o", "out", "--progress", "json")
    #expect(run.status == 65)
    let lines = try run.output.split(separator: 0x0a).map {
      try JSONDecoder().decode(Line.self, from: Data($0))
    }
    #expect(lines.first?.event == "selected")
    #expect(lines.first?.images == 3)
    let done = lines.filter { $0.event == "done" }
    #expect(
      Set(done.compactMap(\.input)) == ["in/a.png", "in/b.png", "in/c.png"])
    #expect(lines.first { $0.event == "skipped" }?.input == "in/notes")
    #expect(
      lines.first { $0.event == "failed" }?.reason?.hasPrefix("in/bad.png: ")
        == true)
    let summary = try #require(lines.last?.summary)
    #expect(summary.done == 3)
    #expect(summary.skipped == 1)
    #expect(summary.failed == 1)
    #expect(
      summary.outputBytes == done.compactMap(\.outputBytes).reduce(0, +))
    var bytes = 0
    for name in ["a", "b", "c"] {
      bytes += try bench.read("out/\(name).png").count
    }
    #expect(summary.outputBytes == bytes)
  }

  @Test func quietIsQuiet() throws {
    let bench = try bench()
    let run = try run(bench, "in", "-q", "-o", "out")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.error.isEmpty)
  }

  /// Every output has only colours of the palette, and is what mapping the image
  /// to the palette's file gives.
  @Test(arguments: [
    [], ["--dither", "floyd-steinberg"], ["--dither", "bayer4"],
  ])
  func sharedPaletteWithAlpha(look: [String]) throws {
    let bench = try bench()
    let run = try bench.run(
      ["batch", "in", "--shared-palette", "-k", "12", "-o", "out"]
        + ["--palette-out", "out/p.json"] + look)
    #expect(run.status == 0, "\(run.error)")
    struct Entry: Decodable {
      var rgb: [UInt8]
      var alpha: UInt8
    }
    let palette = try JSONDecoder().decode(
      [Entry].self, from: Data(try bench.read("out/p.json")))
    #expect(palette.count <= 12)
    #expect(palette.contains { $0.alpha == 0 })
    let colors = Set(palette.map { $0.rgb + [$0.alpha] })
    for name in ["a", "b", "c"] {
      let bytes = try bench.read("out/\(name).png")
      let raster = try ImageDecoder.decode(bytes).raster
      let channels = raster.channels.count
      for start in stride(from: 0, to: raster.samples.count, by: channels) {
        var color = Array(raster.samples[start..<(start + channels)])
        if channels == 3 { color.append(255) }
        // What fully transparent pixels would be does not matter.
        let isFound =
          colors.contains(color) || color[3] == 0
        #expect(isFound, "\(name): \(color)")
        if !isFound { break }
      }
      let single = try bench.run(
        [
          "in/\(name).png", "--palette", "out/p.json", "--keep-palette", "-o",
          "one-\(name).png",
        ] + look)
      #expect(single.status == 0, "\(single.error)")
      #expect(try bench.read("one-\(name).png") == bytes, "\(name)")
    }
    let other = try bench.run(
      ["batch", "in", "--shared-palette", "-k", "12", "-o", "out2"]
        + ["--jobs", "1", "--threads", "1"] + look)
    #expect(other.status == 0)
    #expect(try bench.read("out2/palette.json") == bench.read("out/p.json"))
    for name in ["a.png", "b.png", "c.png"] {
      #expect(try bench.read("out2/\(name)") == bench.read("out/\(name)"))
    }
  }

  @Test(arguments: [
    [], ["--cprime", "2", "--dither", "blue-noise"],
    ["-k", "auto", "--target-psnr", "25"], ["--format", "png", "--optimize"],
  ])
  func jobsChangeNothing(options: [String]) throws {
    let bench = try bench()
    for (jobs, threads) in [("1", "1"), ("2", "2"), ("4", "1")] {
      let run = try bench.run(
        ["batch", "in", "--jobs", jobs, "--threads", threads]
          + ["-o", "out\(jobs)"] + options)
      #expect(run.status == 0, "\(run.error)")
    }
    for name in ["a.png", "b.png", "c.png"] {
      let first = try bench.read("out1/\(name)")
      #expect(try bench.read("out2/\(name)") == first)
      #expect(try bench.read("out4/\(name)") == first)
      let single = try bench.run(
        ["in/\(name)", "-o", "single-\(name)"] + options)
      #expect(single.status == 0)
      #expect(try bench.read("single-\(name)") == first)
    }
  }

  @Test func imagesThatWouldGrowAreSkipped() throws {
    let bench = try bench()
    // Few colours, and so nothing to gain.
    try bench.write(
      TestRasters.make(width: 1, height: 1) { _, _ in 0xff }, to: "in/tiny.png")
    let optimized = try bench.run(
      ["in/tiny.png", "--optimize", "-o", "in/small.png"])
    #expect(optimized.status == 0)
    let run = try run(bench, "in", "-k", "4", "--skip-if-larger", "-o", "out")
    #expect(run.status == 0, "\(run.error)")
    #expect(
      String(decoding: run.output, as: UTF8.self).hasPrefix("3 done, 2 skipped")
    )
    #expect(
      !FileManager.default.fileExists(atPath: bench.url("out/small.png").path))
  }
}
