import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// `quantize compare`.
@Suite struct CompareCommandTests {
  private let photo = TestRasters.noisyGradient(width: 64, height: 48)
  private let files = [
    "contact-sheet.png", "index.html", "report.csv", "report.json",
  ]

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    return bench
  }

  private func report(_ data: Data) throws -> ComparisonReport {
    try JSONDecoder().decode(ComparisonReport.self, from: data)
  }

  @Test func aGridIsWrittenAsAFolder() throws {
    let bench = try bench()
    let run = try bench.run([
      "compare", "a.png", "-k", "4,9", "--cprime", "1,2,9", "-o", "out/",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.isEmpty)
    #expect(
      run.error
        == "quantize: left out, as C' is at most k: k 4 with C' 9\n")
    #expect(try bench.names() == ["a.png", "out"])
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: bench.url("out").path
      ).sorted() == files)
    let report = try report(Data(try bench.read("out/report.json")))
    #expect(
      report.rows.map(\.name) == [
        "k 4, C' 1", "k 4, C' 2", "k 9, C' 1", "k 9, C' 2", "k 9, C' 9",
      ])
    let csv = String(decoding: try bench.read("out/report.csv"), as: UTF8.self)
    #expect(csv.split(separator: "\r\n").count == 6)
    // The same bytes as from the main command.
    for row in report.rows {
      let settings = try #require(row.settings)
      let alone = try bench.run([
        "a.png", "-k", "\(settings.k)", "-c", "\(settings.cprime)", "-o", "-",
      ])
      #expect(alone.output.count == row.bytes)
      let page = String(
        decoding: try bench.read("out/index.html"), as: UTF8.self)
      #expect(page.contains(alone.output.base64EncodedString()))
    }
  }

  /// Options for the look mean the same here as in the main command.
  @Test(
    arguments: [
      ["--perceptual"], ["--perceptual", "--effort", "7"],
      ["--perceptual", "--dither", "riemersma", "--dither-strength", "1"],
      ["--perceptual", "--dither", "none", "--space", "lab"],
      ["--perceptual", "--importance", "none", "--balance", "0.5"],
      ["--pin", "Brand=#e4002b", "--pin", "black", "--pin", "#e4002b"],
      ["--pin", "#e4002b", "--perceptual"], ["--importance", "auto"],
      ["--importance", "a.png", "--balance", "0"], ["--balance", "0.3"],
      ["--importance", "map.png", "--dither", "bayer8", "--pin", "white"],
    ], ["photo.png", "disc.png", "page.png"])
  func looksAreThoseOfTheMainCommand(
    _ options: [String], of input: String
  ) throws {
    let bench = try bench()
    try bench.write(photo, to: "photo.png")
    try bench.write(TestRasters.disc(side: 40), to: "disc.png")
    try bench.write(
      Raster(
        size: try #require(ImageSize(width: 64, height: 48)), channels: .rgb,
        samples: (0..<64 * 48).flatMap { pixel in
          [UInt8](repeating: pixel / 64 % 5 == 0 ? 20 : 240, count: 3)
        }), to: "page.png")
    let map =
      input == "disc.png"
      ? TestRasters.noisyGradient(width: 40, height: 40) : photo
    for name in ["a.png", "map.png"] { try bench.write(map, to: name) }
    let run = try bench.run(
      ["compare", input, "-k", "4,6", "-c", "1,3", "-o", "out"] + options)
    #expect(run.status == 0, "\(run.error)")
    let page = String(
      decoding: try bench.read("out/index.html"), as: UTF8.self)
    for row in try report(Data(try bench.read("out/report.json"))).rows {
      let settings = try #require(row.settings)
      let alone = try bench.run(
        [
          input, "-k", "\(settings.k)", "-c", "\(settings.cprime)", "-o", "-",
        ] + options)
      #expect(alone.output.count == row.bytes)
      #expect(page.contains(alone.output.base64EncodedString()))
    }
  }

  @Test func theReportNamesTheOptions() throws {
    let bench = try bench()
    let run = try bench.run([
      "compare", "a.png", "-k", "5", "-c", "1", "--perceptual", "--balance",
      "0.5", "--pin", "red", "-o", "out",
    ])
    #expect(run.status == 0, "\(run.error)")
    let settings = try #require(
      try report(Data(try bench.read("out/report.json"))).rows.first?.settings)
    #expect(settings.space == "oklab")
    #expect(settings.dither == "floyd-steinberg")
    #expect(settings.importance == "auto")
    #expect(settings.balance == 0.5)
    #expect(settings.pinned == ["#ff0000"])
    #expect(settings.sweeps > 0)
    let page = String(
      decoding: try bench.read("out/index.html"), as: UTF8.self)
    #expect(
      page.contains(
        "All rows: smooth areas count more (importance auto); balance 0.5; "
          + "pinned #ff0000; single pixels refined after dithering (sweeps "))
    let csv = String(decoding: try bench.read("out/report.csv"), as: UTF8.self)
    #expect(csv.contains(",sweeps,importance,balance,minRegion,pinned,"))
    #expect(csv.contains(",auto,0.5,1,#ff0000,"))
    // Of the defaults the page says nothing.
    _ = try bench.run(["compare", "a.png", "-k", "5", "-o", "plain"])
    let plain = String(
      decoding: try bench.read("plain/index.html"), as: UTF8.self)
    #expect(!plain.contains("All rows:"))
  }

  @Test func whatImportanceNamesIsNoOutput() throws {
    let bench = try bench()
    let run = try bench.run([
      "compare", "a.png", "--importance", "-", "-k", "4",
    ])
    #expect(run.status != 0)
    let both = try bench.run(["compare", "-", "--importance", "-"])
    #expect(both.status == 64)
    #expect(both.error.contains("--importance cannot both be standard input"))
  }

  @Test func listsGoTogether() throws {
    let bench = try bench()
    let run = try bench.run([
      "compare", "a.png", "-k5", "-c", "1, 2", "--space", "srgb,OKLAB",
      "--dither", "none,bayer", "--seed", "0,3", "--json", "--effort", "3",
      "--dither-strength", "0.5", "--threads", "2",
    ])
    #expect(run.status == 0, "\(run.error)")
    let rows = try report(run.output).rows
    #expect(rows.count == 16)
    #expect(Set(rows.map(\.name)).count == 16)
    #expect(Set(rows.compactMap { $0.settings?.dither }) == ["none", "bayer8"])
  }

  @Test func defaultsFitFewColours() throws {
    let bench = try bench()
    let run = try bench.run(["compare", "a.png", "--json"])
    let rows = try report(run.output).rows
    #expect(rows.map(\.name) == ["k 16, C' 1", "k 16, C' 2", "k 16, C' 4"])
    let few = try bench.run(["compare", "a.png", "-k", "3", "--json"])
    #expect(
      try report(few.output).rows.map(\.name) == ["k 3, C' 1", "k 3, C' 2"])
  }

  @Test func pipesGetLines() throws {
    let bench = try bench()
    let input = try bench.read("a.png")
    let run = try bench.run(
      ["compare", "-", "-k", "4", "--cprime", "1,4", "--warm"], input: input)
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count == lines[0].count })
    let warm = try #require(lines[0].firstIndex(of: "warm"))
    #expect(lines.map { $0[warm] } == ["warm", "false", "true"])
    let quiet = try bench.run(["compare", "a.png", "--quiet"])
    #expect(quiet.status == 0)
    #expect(quiet.output.isEmpty)
  }

  @Test func transparencyIsTreated() throws {
    let bench = try Workbench()
    try bench.write(TestRasters.disc(side: 40), to: "a.png")
    let kept = try bench.run(["compare", "a.png", "-k", "6", "--json"])
    let flat = try bench.run([
      "compare", "a.png", "-k", "6", "--json", "--background", "white",
    ])
    #expect(kept.status == 0, "\(kept.error)")
    #expect(
      try report(kept.output).rows[0].palette?.contains { $0.alpha == 0 }
        == true)
    #expect(
      try report(flat.output).rows[0].palette?.allSatisfy { $0.alpha == 255 }
        == true)
  }

  @Test func finishedImagesAreCompared() throws {
    let bench = try bench()
    for k in [3, 8] {
      let run = try bench.run([
        "a.png", "-k", "\(k)", "-o", "b\(k).png",
      ])
      #expect(run.status == 0)
    }
    let first = try bench.run([
      "compare", "a.png", "b3.png", "b8.png", "--json",
    ])
    #expect(first.status == 0, "\(first.error)")
    let named = try bench.run([
      "compare", "--reference", "a.png", "b3.png", "b8.png", "--json",
    ])
    #expect(first.output == named.output)
    let rows = try report(first.output).rows
    #expect(rows.map(\.colors) == [3, 8])
    #expect(rows.map(\.name) == ["b3.png", "b8.png"])
    let one = try bench.run([
      "compare", "--reference", "a.png", "b8.png", "-o", "out",
    ])
    #expect(one.status == 0, "\(one.error)")
    let written = try report(Data(try bench.read("out/report.json")))
    #expect(written.rows.map(\.mse) == [rows[1].mse])
    let page = String(
      decoding: try bench.read("out/index.html"), as: UTF8.self)
    #expect(page.contains("Images compared"))
    #expect(!page.contains("id=\"plots\""))
  }

  @Test func reportsAreReplacedOnlyByForce() throws {
    let bench = try bench()
    let call = ["compare", "a.png", "-k", "3", "-c", "1", "-o", "out"]
    #expect(try bench.run(call).status == 0)
    let before = try bench.read("out/report.json")
    let again = try bench.run(call)
    #expect(again.status == 73)
    #expect(again.errorLines.count == 1)
    #expect(again.error.contains("--force"))
    #expect(try bench.read("out/report.json") == before)
    let forced = try bench.run(call + ["--force"])
    #expect(forced.status == 0, "\(forced.error)")
    try bench.write([1], to: "out/mine.txt")
    let refused = try bench.run(call + ["--force"])
    #expect(refused.status == 73)
    #expect(refused.error.contains("mine.txt"))
    #expect(try bench.names() == ["a.png", "out"])
  }

  @Test(
    arguments: [
      ([], 64, "give one image"), ([""], 64, "empty"),
      (["a.png", "-o", ""], 64, "--output is empty"),
      (["a.png", "--reference", ""], 64, "--reference is empty"),
      (["a.png", "-o", "-"], 64, "--json"),
      (["a.png", "--json", "-q"], 64, "contradict"),
      (["a.png", "--force"], 64, "-o"),
      (["a.png", "-k", "4,x"], 64, "cannot read “x”"),
      (["a.png", "-k", "4,,5"], 64, "whole numbers separated by commas"),
      (["a.png", "-k", "4 5"], 64, "whole numbers"),
      (["a.png", "-k", "0"], 64, "1 to 256, not 0"),
      (["a.png", "-k", "300"], 64, "1 to 256, not 300"),
      (["a.png", "-k", "-3"], 64, "not -3"),
      (["a.png", "-k", "auto"], 64, "auto"),
      (["a.png", "-k", "4,8", "--cprime", "9"], 64, "colours (8), not 9"),
      (["a.png", "--cprime", "0"], 64, "not 0"),
      (["a.png", "--space", "rgb"], 64, "srgb, linear, oklab"),
      (["a.png", "--dither", "fuzzy"], 64, "floyd-steinberg"),
      (["a.png", "--seed", "-1"], 64, "whole numbers"),
      (
        ["a.png", "--dither", "bayer", "--dither-strength", "2"], 64,
        "0 to 1, not 2"
      ),
      (["a.png", "--dither-strength", "1"], 64, "add --dither"),
      (["a.png", "--effort", "11"], 64, "1 to 10, not 11"),
      (["a.png", "--threads", "0"], 64, "--threads"),
      (["a.png", "--sped", "0"], 64, "quantize compare --help"),
      (
        [
          "a.png", "--seed", "1,2,3,4,5,6", "-k", "1,2,3,4,5", "-c", "1",
          "--space", "srgb,lab,oklab,linear",
        ], 64, "100 combinations"
      ),
      (["a.png", "b.png", "-k", "4"], 64, "-k is for one image"),
      (["a.png", "b.png", "--warm"], 64, "--warm is for one image"),
      (
        ["a.png", "b.png", "--perceptual"], 64, "--perceptual is for one image"
      ),
      (["a.png", "b.png", "--pin", "red"], 64, "--pin is for one image"),
      (["a.png", "b.png", "--balance", "0"], 64, "--balance is for one image"),
      (
        ["a.png", "b.png", "--importance", "auto"], 64,
        "--importance is for one image"
      ),
      (["a.png", "--balance", "2"], 64, "0 to 1, not 2"),
      (["a.png", "--pin", "nocolour"], 64, "--pin"),
      (
        ["a.png", "-k", "8,1", "--pin", "red", "--pin", "blue"], 64,
        "allow more with -k"
      ),
      (["a.png", "b.png", "--effort", "4"], 64, "--effort is for one image"),
      (
        ["--reference", "a.png", "b.png", "--background", "red"], 64,
        "--background is for one image"
      ),
      (["-", "-"], 64, "standard input"),
      (["missing.png"], 66, "missing.png"), (["text.png"], 65, "text.png"),
      (["a.png", "missing.png"], 66, "missing.png"),
      (["a.png", "b.png"], 65, "b.png: it has 9 x 5 pixels"),
      (["clear.png", "-k", "1"], 65, "clear.png"),
      (["a.png", "-o", "no/out"], 73, "does not exist"),
      (["a.png", "-o", "a.png"], 73, "a file of this name"),
      (["a.png", "-o", "."], 73, "the folder exists"),
    ] as [([String], Int32, String)])
  func mistakesAreOneLine(
    arguments: [String], status: Int32, text: String
  ) throws {
    let bench = try bench()
    try bench.write(
      TestRasters.noisyGradient(width: 9, height: 5), to: "b.png")
    try bench.write(TestRasters.disc(side: 20), to: "clear.png")
    try bench.write(Array("no image".utf8), to: "text.png")
    let before = try bench.names()
    let run = try bench.run(["compare"] + arguments)
    #expect(run.status == status, "\(run.error)")
    #expect(run.output.isEmpty)
    #expect(run.errorLines.count == 1, "\(run.error)")
    #expect(run.error.contains(text), "\(run.error)")
    #expect(try bench.names() == before)
  }

  @Test func helpHasExamples() throws {
    let run = try Workbench().run(["compare", "--help"])
    #expect(run.status == 0)
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(text.contains("quantize compare photo.jpg -k 16 --cprime 1,2,3,4"))
    #expect(text.contains("--reference photo.jpg"))
  }

  @Test func aFileOfThatNameCanBeRead() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "compare")
    let run = try bench.run(["./compare", "-k", "4", "-o", "b.png"])
    #expect(run.status == 0, "\(run.error)")
  }
}
