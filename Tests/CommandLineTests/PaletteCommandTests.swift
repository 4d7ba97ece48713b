import Foundation
import ImageFormats
import PaletteFiles
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// `quantize palette`.
@Suite struct PaletteCommandTests {
  /// Five colours, each row one more pixel of the next than the last.
  private let stripes = TestRasters.make(width: 15, height: 1) { x, _ in
    switch x {
    case ..<5: 0x808080
    case ..<9: 0x0000ff
    case ..<12: 0xffff00
    case ..<14: 0xff0000
    default: 0x000000
    }
  }

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(stripes, to: "a.png")
    return bench
  }

  private func lines(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> [String] {
    let run = try bench.run(["palette", "a.png"] + arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    #expect(run.error.isEmpty)
    return String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  @Test func linesOfHexWherePiped() throws {
    let bench = try bench()
    #expect(
      try lines(bench, ["-k", "5"])
        == ["808080", "0000ff", "ffff00", "ff0000", "000000"])
    #expect(
      try lines(bench, ["-k", "5", "--names"]) == [
        "808080 gray", "0000ff blue", "ffff00 yellow", "ff0000 red",
        "000000 black",
      ])
    #expect(try bench.names() == ["a.png"])
  }

  @Test(arguments: [
    ("frequency", ["808080", "0000ff", "ffff00", "ff0000", "000000"]),
    ("luminance", ["000000", "0000ff", "ff0000", "808080", "ffff00"]),
    ("hue", ["000000", "808080", "ff0000", "ffff00", "0000ff"]),
  ])
  func sorts(order: String, expected: [String]) throws {
    #expect(try lines(bench(), ["--sort", order]) == expected)
  }

  @Test func lightnessPathHasSmallSteps() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 50), to: "a.png")
    let path = try lines(bench, ["-k", "24", "--sort", "lightness-path"])
    let plain = try lines(bench, ["-k", "24", "--sort", "luminance"])
    #expect(path.sorted() == plain.sorted())
    #expect(path.first == plain.first)
    #expect(path.last == plain.last)
    #expect(path != plain)
  }

  @Test(arguments: PaletteFormat.allCases)
  func writesEveryFormat(format: PaletteFormat) throws {
    let bench = try bench()
    let name = "p.\(format.rawValue)"
    #expect(try lines(bench, ["-o", name]).isEmpty)
    let bytes = try bench.read(name)
    let colors = try format.read(bytes).map(\.color.packed)
    #expect(colors == [0x808080, 0x0000ff, 0xffff00, 0xff0000, 0x000000])
    let piped = try bench.run(
      ["palette", "a.png", "--format", format.rawValue, "-o", "-"])
    #expect([UInt8](piped.output) == bytes)
    let named = try bench.run(
      ["palette", "a.png", "--format", format.rawValue, "--names"])
    if format.hasNames {
      let names = try format.read([UInt8](named.output)).map(\.name)
      #expect(names == ["gray", "blue", "yellow", "red", "black"])
    } else {
      #expect(named.status == 64)
      #expect(named.error.contains("--names"))
    }
  }

  @Test func isThePaletteOfTheImage() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 50), to: "a.png")
    let options = ["-k", "7", "-c", "2", "--seed", "3", "--pin", "red"]
    let written = try bench.run(
      ["a.png", "-o", "b.png", "--palette-out", "b.json"] + options)
    #expect(written.status == 0, "\(written.error)")
    #expect(try lines(bench, ["-o", "c.json"] + options).isEmpty)
    #expect(try bench.read("c.json") == bench.read("b.json"))
  }

  @Test func refusals() throws {
    let bench = try bench()
    try bench.write([1], to: "p.gpl")
    let cases: [([String], Int32, String)] = [
      (["palette"], 64, "quantize palette --help"),
      (["palette", "a.png", "--sort", "size"], 64, "lightness-path"),
      (
        ["palette", "a.png", "--format", "gif"], 64, "'gif' is invalid"
      ),
      (["palette", "a.png", "-o", "p.xyz"], 64, "--format"),
      (["palette", "a.png", "-o", ""], 64, "--output is empty"),
      (["palette", "", "-o", "p.css"], 64, "input is empty"),
      (["palette", "-", "--map", "-"], 64, "standard input"),
      (["palette", "a.png", "-k", "0"], 64, "1 to 65536"),
      (["palette", "a.png", "--optimize"], 64, "--optimize"),
      (["palette", "a.png", "-o", "p.gpl"], 73, "--force"),
      (["palette", "a.png", "-o", "no/p.gpl"], 73, "folder"),
      (["palette", "gone.png"], 66, "gone.png: there is no such file"),
      (["palette", "p.gpl"], 65, "p.gpl"),
    ]
    for (arguments, status, word) in cases {
      let run = try bench.run(arguments)
      #expect(run.status == status, "\(arguments): \(run.error)")
      #expect(run.errorLines.count == 1)
      #expect(run.error.contains(word), "\(run.error)")
      #expect(run.output.isEmpty)
    }
    #expect(try bench.names() == ["a.png", "p.gpl"])
    #expect(try lines(bench, ["-f", "-o", "p.gpl"]).isEmpty)
  }

  @Test func aFileOfThatNameIsStillAnImage() throws {
    let bench = try Workbench()
    try bench.write(stripes, to: "palette")
    let run = try bench.run(["./palette", "-k", "2", "-o", "b.png"])
    #expect(run.status == 0, "\(run.error)")
    let second = try bench.run(["-k", "2", "palette", "-o", "c.png"])
    #expect(second.status == 0, "\(second.error)")
    #expect(try bench.read("b.png") == bench.read("c.png"))
  }

  @Test func helpShowsExamples() throws {
    let bench = try Workbench()
    let run = try bench.run(["palette", "--help"])
    #expect(run.status == 0)
    let text = String(decoding: run.output, as: UTF8.self)
    for word in ["--sort", "--names", "--format", "--pin", "Examples:", ".ase"]
    {
      #expect(text.contains(word))
    }
    let main = try bench.run(["--help"])
    #expect(
      String(decoding: main.output, as: UTF8.self).contains("  palette   Show"))
  }
}
