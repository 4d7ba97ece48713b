import Foundation
import ImageFormats
import PaletteFiles
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// `--palette`, `--palette-out` and `--pin`.
@Suite struct PaletteFileTests {
  private let photo = TestRasters.noisyGradient(width: 80, height: 60)

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    return bench
  }

  private func colors(_ bench: Workbench, _ name: String) throws -> [UInt32] {
    let raster = try ImageDecoder.decode(try bench.read(name)).raster
    return stride(
      from: 0, to: raster.samples.count, by: raster.channels.count
    ).map {
      UInt32(raster.samples[$0]) << 16 | UInt32(raster.samples[$0 + 1]) << 8
        | UInt32(raster.samples[$0 + 2])
    }
  }

  private func expectFailure(
    _ bench: Workbench, _ arguments: [String], status: Int32,
    _ words: String...
  ) throws {
    let before = try bench.names()
    let run = try bench.run(arguments)
    #expect(run.status == status, "\(arguments): \(run.error)")
    #expect(run.errorLines.count == 1)
    #expect(run.error.hasPrefix("quantize: error: "))
    for word in words {
      #expect(run.error.contains(word), "\(run.error)")
    }
    #expect(run.output.isEmpty)
    #expect(try bench.names() == before)
  }

  @Test(arguments: PaletteFormat.allCases)
  func whatIsWrittenGivesTheSameImage(format: PaletteFormat) throws {
    let bench = try bench()
    let file = "p.\(format.rawValue)"
    let first = try bench.run(
      ["a.png", "-k", "9", "-o", "b.png", "--palette-out", file])
    #expect(first.status == 0, "\(first.error)")
    let written = Set(try colors(bench, "b.png"))
    #expect(written.count == 9)
    let read = try format.read(try bench.read(file))
    #expect(Set(read.map(\.color.packed)) == written)
    for option in ["--palette", "--map"] {
      let second = try bench.run(
        ["a.png", option, file, "-f", "-o", "c.png"])
      #expect(second.status == 0, "\(second.error)")
      #expect(try bench.read("c.png") == bench.read("b.png"))
    }
  }

  @Test func paletteOutIsJSONWithoutAnEnding() throws {
    let bench = try bench()
    for name in ["p.json", "p"] {
      let run = try bench.run(
        ["a.png", "-k", "3", "-f", "-o", "b.png", "--palette-out", name])
      #expect(run.status == 0, "\(run.error)")
      let records = try JSONDecoder().decode(
        [PaletteRecord].self, from: Data(try bench.read(name)))
      #expect(records.map(\.count).reduce(0, +) == 4_800)
      #expect(records.allSatisfy { $0.name == nil })
    }
  }

  @Test func paletteComesByAPipeToo() throws {
    let bench = try bench()
    for text in ["ff0000\n#00ff00\n", "[[255,0,0],[0,255,0]]"] {
      let run = try bench.run(
        ["a.png", "--palette", "-", "-f", "-o", "b.png"],
        input: Array(text.utf8))
      #expect(run.status == 0, "\(run.error)")
      #expect(
        Set(try colors(bench, "b.png")).isSubset(of: [0xff0000, 0x00ff00]))
    }
  }

  @Test func namesDecideWhereContentMisleads() throws {
    let bench = try bench()
    // The first colours of a table read as a JPEG's mark.
    let table = [0xff, 0xd8, 0xff] + [UInt8](repeating: 0, count: 765)
    try bench.write(table, to: "p.act")
    try bench.write(
      Array("[a] { --b: url('<svg'); --c: #ffd8ff; --d: black }".utf8),
      to: "p.css")
    for name in ["p.act", "p.css"] {
      let run = try bench.run(
        ["a.png", "--palette", name, "-f", "-o", "b.png"])
      #expect(run.status == 0, "\(run.error)")
      #expect(Set(try colors(bench, "b.png")).isSubset(of: [0, 0xffd8ff]))
    }
  }

  @Test func badPalettesAreErrors() throws {
    let bench = try bench()
    let lines = (0..<65_537).map { "00000" + String(65_536 + $0, radix: 16) }
    let many = lines.map { $0.suffix(6) + "\n" }.joined()
    let files: [(String, String, Int32, [String])] = [
      ("empty.gpl", "", 65, ["empty.gpl: the file is empty"]),
      ("none.txt", "; nothing\n", 65, ["no colours"]),
      ("bad.gpl", "GIMP Palette\n1 2 300\n", 65, ["line 2", "“1 2 300”"]),
      ("many.hex", many, 65, ["65537 colours", "at most 65536"]),
      ("clear.hex", "01020304\n", 65, ["opaque"]),
      ("what.dat", "hello\n", 65, ["not a known kind of palette", ".gpl"]),
      ("fake.png", "hello\n", 65, ["fake.png"]),
      ("moving.gpl", "8BPS", 65, ["a Photoshop file"]),
    ]
    for (name, text, status, words) in files {
      try bench.write(Array(text.utf8), to: name)
      for word in words {
        try expectFailure(
          bench, ["a.png", "--palette", name, "-o", "b.png"], status: status,
          word)
      }
    }
    try expectFailure(
      bench, ["a.png", "--palette", "gone.gpl"], status: 66, "gone.gpl")
  }

  @Test func whatCannotBeWrittenLeavesNothing() throws {
    let bench = try Workbench()
    let size = try #require(ImageSize(width: 2, height: 1))
    try bench.write(
      Raster(
        size: size, channels: .rgba, samples: [1, 2, 3, 99, 4, 5, 6, 255]),
      to: "t.png")
    let run = try bench.run(
      ["t.png", "-o", "b.png", "--palette-out", "p.css"])
    #expect(run.status == 0, "\(run.error)")
    #expect(
      String(decoding: try bench.read("p.css"), as: UTF8.self)
        .contains("#01020363"))
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "a.png")
    try expectFailure(
      bench, ["a.png", "-k", "300", "-o", "c.png", "--palette-out", "p.act"],
      status: 65, "p.act", "holds 256 at most")
  }

  @Test func pinsAreInThePalette() throws {
    let bench = try bench()
    let variants: [([String], Int)] = [
      (["-k", "6"], 6), (["-k", "3"], 3), (["-k", "6", "-c", "3"], 6),
      (["-k", "300"], 256), (["-k", "auto", "--k-max", "12"], 12),
      (["-k", "auto", "--k-max", "3"], 3), (["--target-psnr", "25"], 256),
      (["--quality", "0-30"], 256), (["-k", "6", "--posterize", "3"], 6),
      (["-k", "5", "--optimize"], 5),
    ]
    for (options, most) in variants {
      let run = try bench.run(
        ["a.png", "-f", "-o", "b.png", "--palette-out", "-", "--pin", "#0f8"]
          + ["--pin", "RebeccaPurple", "--pin", "00ff88", "--pin", "white"]
          + options)
      #expect(run.status == 0, "\(options): \(run.error)")
      let records = try JSONDecoder().decode(
        [PaletteRecord].self, from: run.output)
      let hex = records.map(\.hex)
      #expect(hex.count <= max(most, 300))
      for pin in ["#00ff88", "#663399", "#ffffff"] {
        #expect(hex.count { $0 == pin } == 1, "\(options)")
      }
      #expect(records.map(\.count).reduce(0, +) == 4_800)
    }
  }

  @Test func fewestColorsCountPins() throws {
    let bench = try bench()
    let run = try bench.run(
      ["a.png", "-o", "b.png", "--target-psnr", "24", "--report", "-"]
        + ["--pin", "lime", "--pin", "red", "--pin", "aqua"])
    #expect(run.status == 0, "\(run.error)")
    let report = try JSONDecoder().decode(Report.self, from: run.output)
    #expect(report.palette.count <= report.k)
    let candidates = try #require(report.selection).candidates
    // The pinned ones alone are the least that there can be.
    #expect(candidates.map(\.k).min() == 3)
    #expect(candidates.contains { $0.k == report.k - 1 })
    #expect(report.psnr.value >= 24)
  }

  @Test func pinnedAlonePaletteIsThem() throws {
    let bench = try bench()
    let pins = ["--pin", "black", "--pin", "white"]
    for options in [["-k", "2"], ["-k", "auto", "--k-max", "2"]] {
      let run = try bench.run(
        ["a.png", "-f", "-o", "b.png"] + pins + options)
      #expect(run.status == 0, "\(run.error)")
      #expect(Set(try colors(bench, "b.png")).isSubset(of: [0, 0xffffff]))
    }
  }

  @Test func refusals() throws {
    let bench = try bench()
    let red = ["--pin", "red"]
    let cases: [([String], [String])] = [
      (["-k", "1", "--pin", "blue"] + red, ["2 colours are pinned", "-k"]),
      (
        ["-k", "auto", "--k-max", "1", "--pin", "blue"] + red,
        ["2 colours are pinned", "--k-max"]
      ),
      (["--init", "a.json"] + red, ["--pin", "--init"]),
      (["--palette", "a.gpl"] + red, ["--pin", "--palette"]),
      (["--map", "a.gpl"] + red, ["--pin", "--map"]),
      (["--output-profile", "p3"] + red, ["--pin", "--output-profile"]),
      (["--pin", "redd"], ["--pin", "#rrggbb"]),
      (["--pin", "#ff000080"], ["--pin", "opaque"]),
      (["--pin", "transparent"], ["opaque"]),
      (["--palette", "a.gpl", "--map", "b"], ["--palette", "--map"]),
      (["--palette", "a.gpl", "--init", "b"], ["--init", "--palette"]),
      (["--palette", "a.gpl", "-k", "auto"], ["-k auto", "--palette"]),
      (["--palette", "a.gpl", "-Q", "50"], ["--quality", "--palette"]),
      (["--palette", "a.gpl", "--posterize", "1"], ["--posterize"]),
      (["--palette", ""], ["--palette is empty"]),
      (
        ["--palette-out", "p.gpl", "--output-profile", "p3"],
        ["--palette-out", "sRGB"]
      ),
    ]
    for (arguments, words) in cases {
      for word in words {
        try expectFailure(bench, ["a.png"] + arguments, status: 64, word)
      }
    }
  }

  @Test func pinsAndTransparencyNeedRoom() throws {
    let bench = try Workbench()
    let size = try #require(ImageSize(width: 3, height: 1))
    try bench.write(
      Raster(
        size: size, channels: .rgba,
        samples: [0, 0, 0, 0, 9, 9, 9, 255, 80, 80, 80, 255]), to: "t.png")
    let pins = ["--pin", "red", "--pin", "blue"]
    try expectFailure(
      bench, ["t.png", "-k", "2"] + pins, status: 65, "t.png: 2 colours",
      "transparency")
    let run = try bench.run(
      ["t.png", "-k", "3", "-o", "b.png", "--palette-out", "-"] + pins)
    #expect(run.status == 0, "\(run.error)")
    let records = try JSONDecoder().decode(
      [PaletteRecord].self, from: run.output)
    #expect(Set(records.map(\.hex)) == ["#00000000", "#ff0000", "#0000ff"])
  }
}
