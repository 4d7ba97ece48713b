import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Regions
import Testing
import _TestSupport

/// `--space`, `--dither`, `--importance` and their like as a user gives them.
@Suite struct LookOptionTests {
  private static let methods = [
    "floyd-steinberg", "sierra", "atkinson", "riemersma", "blue-noise",
    "bayer2", "bayer4", "bayer8", "bayer16",
  ]

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 90, height: 140), to: "a.png")
    return bench
  }

  private func report(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> Report {
    let run = try bench.run(
      ["a.png", "-f", "-o", "b.png", "--report", "-"] + arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    return try JSONDecoder().decode(Report.self, from: run.output)
  }

  /// A report and a file without small regions, and the same by a batch.
  @Test func smallRegionsAreMerged() throws {
    let bench = try bench()
    let report = try report(bench, ["-k", "9", "--min-region", "40"])
    #expect(report.minRegion == 40)
    let raster = try ImageDecoder.decode(try bench.read("b.png")).raster
    var numbers: [[UInt8]: Int32] = [:]
    let labels = (0..<raster.size.pixelCount).map { n in
      let color = Array(raster.samples[3 * n..<3 * n + 3])
      let number = numbers[color] ?? Int32(numbers.count)
      numbers[color] = number
      return number
    }
    let (regions, _) = LabelMap(
      size: raster.size, labels: labels, count: numbers.count
    ).connectedRegions()
    var areas = [Int](repeating: 0, count: regions.count)
    for region in regions.labels { areas[Int(region)] += 1 }
    #expect(areas.allSatisfy { $0 >= 40 })
    #expect(report.palette.reduce(0) { $0 + $1.count } == labels.count)
    let run = try bench.run([
      "batch", "a.png", "-k", "9", "--min-region", "40", "-o", "out",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(try bench.read("out/a.png") == bench.read("b.png"))
    for (options, words) in [
      (["--min-region", "0"], "1 or more"),
      (["--min-region", "9", "--dither", "bayer4"], "contradict"),
      (["--min-region", "9", "--memory", "1k"], "needs all pixels"),
    ] {
      let run = try bench.run(
        ["a.png", "-k", "4", "-f", "-o", "c.png"] + options)
      #expect(run.status != 0)
      #expect(run.error.contains(words), "\(run.error)")
    }
  }

  private func colors(_ bench: Workbench, _ name: String) throws -> Set<UInt32>
  {
    let raster = try ImageDecoder.decode(try bench.read(name)).raster
    let width = raster.channels.count
    return Set(
      (0..<raster.size.pixelCount).map { pixel in
        (0..<3).reduce(0) {
          $0 << 8 | UInt32(raster.samples[width * pixel + $1])
        }
      })
  }

  @Test func withoutOptionsTheReportSaysSo() throws {
    let report = try report(try bench(), ["-k", "8"])
    #expect(report.space == "srgb")
    #expect(report.dither == nil)
    #expect(report.importance == "none")
    #expect(report.balance == 1)
  }

  @Test(arguments: methods)
  func eachMethodMixesPixels(method: String) throws {
    let bench = try bench()
    let plain = try report(bench, ["-k", "8"])
    let report = try report(bench, ["-k", "8", "--dither", method])
    let dither = try #require(report.dither)
    #expect(dither.method == method)
    #expect(dither.strength == 0.85)
    #expect((0...4).contains(dither.rounds))
    // Single pixels are farther off, for the sake of their mean.
    #expect(report.mse > plain.mse)
    #expect(report.palette.map(\.count).reduce(0, +) == 90 * 140)
    #expect(
      try colors(bench, "b.png").count == report.palette.count)
    let bytes = try bench.read("b.png")
    for threads in ["1", "3"] {
      let run = try bench.run([
        "a.png", "-k", "8", "--dither", method, "--threads", threads, "-o",
        "-",
      ])
      #expect([UInt8](run.output) == bytes)
    }
  }

  @Test func strengthsAreReported() throws {
    let bench = try bench()
    let report = try report(
      bench, ["-k", "8", "--dither", "bayer", "--dither-strength", "0.4"])
    #expect(report.dither?.method == "bayer8")
    #expect(report.dither?.strength == 0.4)
    for strength in ["0", "1"] {
      _ = try self.report(
        bench, ["--dither", "sierra", "--dither-strength", strength])
    }
  }

  @Test(arguments: ["linear", "oklab", "lab"])
  func eachSpaceIsClusteredIn(space: String) throws {
    let bench = try bench()
    let plain = try report(bench, ["-k", "8"])
    let named = try report(bench, ["-k", "8", "--space", "srgb"])
    #expect(named.means == plain.means)
    let report = try report(bench, ["-k", "8", "--space", space])
    #expect(report.space == space)
    #expect(report.means != plain.means)
    // Means are coordinates of the space.
    let most = ["linear": 1.0, "oklab": 1, "lab": 100][space]
    #expect(
      report.means.allSatisfy { $0[0] > 0 && $0[0] < (most ?? 0) })
    #expect(report.palette.count == 8)
    #expect(report.mse < 2 * plain.mse)
    if space == "oklab" {
      let better = try #require(report.oklabMse)
      #expect(better < 1.1 * (try #require(plain.oklabMse)))
    }
    let dithered = try self.report(
      bench, ["-k", "8", "--space", space.uppercased(), "--dither", "sierra"])
    #expect(dithered.space == space)
    #expect(dithered.dither?.method == "sierra")
  }

  @Test func perceptualIsAllOfThem() throws {
    let bench = try bench()
    let all = try report(bench, ["-k", "8", "--perceptual"])
    #expect(all.space == "oklab")
    #expect(all.importance == "auto")
    #expect(all.dither?.method == "floyd-steinberg")
    let some = try report(
      bench,
      [
        "-k", "8", "--perceptual", "--space", "lab", "--dither", "none",
        "--importance", "none",
      ])
    #expect(some.space == "lab")
    #expect(some.importance == "none")
    #expect(some.dither == nil)
    let plain = try report(bench, ["-k", "8", "--space", "lab"])
    #expect(some.means == plain.means)
    #expect(
      try report(bench, ["-k", "8", "--perceptual", "--nofs"]).dither == nil)
  }

  @Test func importanceMovesThePalette() throws {
    let bench = try bench()
    try bench.write(
      TestRasters.make(width: 90, height: 140) { x, _ in
        x < 45 ? 0 : 0xffffff
      }, to: "map.png")
    let plain = try report(bench, ["-k", "8"])
    let mapped = try report(bench, ["-k", "8", "--importance", "map.png"])
    #expect(mapped.importance == "map")
    // Reds grow to the right, where pixels count.
    func red(_ report: Report) -> Double {
      report.means.map { $0[0] }.reduce(0, +)
    }
    #expect(red(mapped) > red(plain) + 100)
    #expect(
      try self.report(bench, ["-k", "8", "--importance", "none"]).means
        == plain.means)
    #expect(
      try self.report(bench, ["-k", "8", "--importance", "auto"]).importance
        == "auto")
  }

  @Test func balanceKeepsTheColourOfASpot() throws {
    let bench = try bench()
    // Two greys, and a red spot that hardly counts by its pixels.
    try bench.write(
      TestRasters.make(width: 100, height: 100) { x, y in
        y == 0 && x < 3 ? 0xff0000 : x < 50 ? 0 : 0x505050
      }, to: "a.png")
    let plain = try report(bench, ["-k", "2"])
    #expect(!plain.palette.contains { $0.hex == "#ff0000" })
    let balanced = try report(bench, ["-k", "2", "--balance", "0"])
    #expect(balanced.balance == 0)
    #expect(balanced.palette.contains { $0.hex == "#ff0000" })
  }

  @Test(arguments: methods)
  func givenPalettesStayExactly(method: String) throws {
    let bench = try bench()
    let given: Set<UInt32> = [0x0a0a0a, 0xf04010, 0x20c060, 0x3030f0, 0xfafafa]
    try bench.write(
      Array(
        given.map { String($0, radix: 16) }.map {
          String(repeating: "0", count: 6 - $0.count) + $0
        }.joined(separator: "\n").utf8), to: "p.hex")
    let report = try report(
      bench, ["--palette", "p.hex", "--dither", method])
    #expect(report.dither?.rounds == 0)
    let found = try colors(bench, "b.png")
    #expect(found.isSubset(of: given))
    // No pixel is nearest to all of them, and yet they are of use.
    #expect(found.count > 3)
    #expect(
      Set(
        report.palette.map {
          UInt32($0.rgb[0] << 16 | $0.rgb[1] << 8 | $0.rgb[2])
        }) == found)
  }

  @Test(arguments: ["floyd-steinberg", "riemersma", "blue-noise"])
  func pinsStay(method: String) throws {
    let bench = try bench()
    let report = try report(
      bench,
      [
        "-k", "8", "--pin", "#705530", "--pin", "#00ffff", "--dither", method,
        "--effort", "8",
      ])
    let hex = report.palette.map(\.hex)
    #expect(hex.contains("#705530"))
    #expect(hex.contains("#00ffff"))
    #expect(report.dither?.method == method)
  }

  @Test func initialMeansAreFittedToTheDithering() throws {
    let bench = try bench()
    try bench.write(
      Array("[[10, 20, 30], [200, 180, 90], [90, 80, 60]]".utf8), to: "i.json")
    let report = try report(
      bench, ["--init", "i.json", "--dither", "floyd-steinberg"])
    #expect(report.k == 3)
    #expect((report.dither?.rounds ?? 0) > 0)
  }

  @Test func paletteCommandTakesThem() throws {
    let bench = try bench()
    let look = ["-k", "6", "--space", "oklab", "--dither", "blue-noise"]
    let report = try report(bench, look)
    let run = try bench.run(["palette", "a.png"] + look)
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n").map { "#" + $0 }
    #expect(lines == report.palette.map(\.hex))
  }

  @Test func moreThan256ColoursAreDitheredToo() throws {
    let bench = try bench()
    let report = try report(bench, ["-k", "300", "--dither", "atkinson"])
    #expect(report.palette.count > 256)
    #expect(try colors(bench, "b.png").count == report.palette.count)
  }

  @Test func refusals() throws {
    let bench = try bench()
    try bench.write(
      TestRasters.make(width: 90, height: 139) { _, _ in 0 },
      to: "small.png")
    try bench.write(Array("hello".utf8), to: "t.txt")
    let cases: [([String], Int32, [String])] = [
      (["--space", "hsv"], 64, ["'hsv'", "oklab", "lab"]),
      (
        ["--dither", "floyd"], 64, ["'floyd'", "floyd-steinberg", "blue-noise"]
      ),
      (["--dither", "bayer3"], 64, ["'bayer3'", "bayer2"]),
      (
        ["--dither", "sierra", "--dither-strength", "1.1"], 64,
        ["--dither-strength", "0 to 1", "1.1"]
      ),
      (
        ["--dither", "sierra", "--dither-strength", "-0.1"], 64,
        ["--dither-strength", "0 to 1"]
      ),
      (
        ["--dither", "sierra", "--dither-strength", "nan"], 64,
        ["--dither-strength", "give a number"]
      ),
      (["--dither-strength", "0.5"], 64, ["--dither-strength", "--dither"]),
      (["--dither", "sierra", "--nofs"], 64, ["--nofs", "--dither"]),
      (["--balance", "1.5"], 64, ["--balance", "0 to 1"]),
      (["--balance", "nan"], 64, ["--balance", "give a number"]),
      (["--importance", ""], 64, ["--importance is empty"]),
      (["--importance", "none.png"], 66, ["none.png", "no such file"]),
      (["--importance", "t.txt"], 65, ["t.txt"]),
      (
        ["--importance", "small.png"], 65,
        ["importance map", "90 x 139", "90 x 140"]
      ),
      (
        ["-k", "10000", "--effort", "1", "--dither", "sierra"], 65,
        ["at most 4096", "--dither"]
      ),
      (
        ["--space", "lab", "--output-profile", "input"], 64,
        ["--space lab", "--output-profile p3"]
      ),
      (
        ["--perceptual", "--output-profile", "input"], 64,
        ["oklab", "--output-profile p3"]
      ),
    ]
    for (arguments, status, words) in cases {
      let run = try bench.run(["a.png", "-o", "b.png"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.error)")
      #expect(run.errorLines.count == 1, "\(arguments): \(run.error)")
      for word in words {
        #expect(run.error.contains(word), "\(arguments): \(run.error)")
      }
    }
    let input = try bench.read("a.png")
    let streams = try bench.run(
      ["-", "--importance", "-", "-o", "b.png"], input: input)
    #expect(streams.status == 64)
    #expect(streams.error.contains("--importance cannot both"))
    #expect(try bench.names() == ["a.png", "small.png", "t.txt"])
  }
}
