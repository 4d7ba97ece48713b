import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// `--output-depth 16`, and warnings of colours that 8 bits merge.
@Suite struct OutputDepthTests {
  /// A dim picture of 16 bits: three levels in noise, in grey or colour.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for (name, type, factor) in [
      ("dim.png", 0, 1), ("bright.png", 0, 150), ("color.png", 2, 1),
    ] {
      let builder = PNGBuilder(
        width: 48, height: 40, bitDepth: 16, colorType: type
      ) { x, y, channel in
        let noise = (x * 37 + y * 101 + channel * 13) % 29
        let kind = (x / 9 + y / 7 + channel * (x / 20)) % 3
        return ([140, 190, 300][kind] + noise) * factor
      }
      try bench.write(builder.bytes(), to: name)
    }
    return bench
  }

  private func run(_ bench: Workbench, _ arguments: [String]) throws -> String {
    let run = try bench.run(arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    return run.error
  }

  private func report(_ bench: Workbench, _ name: String) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(try bench.read(name)))
  }

  @Test func mergedColorsAreToldOf() throws {
    let bench = try bench()
    let line = "k 3 asked for, 1 left after rounding to 8 bits"
    let remedy = "\(line); use --output-depth 16"
    let error = try run(bench, ["dim.png", "-k", "3", "-o", "a.png"])
    #expect(error.contains("dim.png: warning: \(remedy)"), "\(error)")
    #expect(
      try run(bench, ["palette", "dim.png", "-k", "3", "-o", "p.json"])
        .contains(line))
    #expect(
      try run(bench, ["batch", "dim.png", "-k", "3", "-o", "out/"])
        .contains(remedy))
    #expect(
      try run(
        bench,
        ["batch", "dim.png", "-k", "3", "-o", "shared/", "--shared-palette"]
      ).contains(line))
    #expect(
      try run(bench, ["compare", "dim.png", "-k", "3", "-c", "1,2"])
        .contains(line))
    for options in [["-k", "3", "--output-depth", "16"], ["-k", "1"]] {
      let error = try run(bench, ["dim.png", "-f", "-o", "a.png"] + options)
      #expect(error.isEmpty, "\(error)")
    }
    #expect(
      try run(bench, ["bright.png", "-k", "3", "-o", "b.png"]).isEmpty)
  }

  /// What a criterion has chosen is not what rounding has left.
  @Test func chosenColorsThatMergeAreToldOf() throws {
    let bench = try bench()
    let error = try run(
      bench, ["dim.png", "-k", "auto", "--k-max", "9", "-o", "a.png"])
    #expect(error.contains("chosen, 1 left after rounding"), "\(error)")
    #expect(!error.contains("one colour is best"))
  }

  @Test(arguments: ["dim.png", "color.png"])
  func meansAreWrittenUnrounded(name: String) throws {
    let bench = try bench()
    let options = ["-k", "3", "--output-depth", "16", "-q"]
    _ = try run(
      bench,
      [name, "-o", "a.png", "--report", "r.json", "--palette-out", "p.json"]
        + options)
    let report = try report(bench, "r.json")
    let bytes = try bench.read("a.png")
    // Bits of a sample, and grey or RGB.
    #expect(bytes[24] == 16 && bytes[25] == (name == "dim.png" ? 0 : 2))
    guard
      case .sixteen(let deep) = try ImageDecoder.decode(bytes).pixels
    else {
      Issue.record("16 bits are read")
      return
    }
    var counts: [[Int]: Int] = [:]
    for n in 0..<deep.size.pixelCount {
      let pixel = deep.samples[3 * n..<3 * n + 3].map { Int($0) }
      counts[pixel, default: 0] += 1
    }
    #expect(counts.count == 3)
    #expect(report.outputDepth == 16)
    for entry in report.palette {
      let deep = try #require(entry.rgb16)
      #expect(entry.alpha16 == 65_535)
      #expect(counts[deep] == entry.count)
      let mean = report.means[try #require(entry.component)]
      for (sample, mean) in zip(deep, mean) {
        #expect(abs(Double(sample) - 257 * mean) <= 0.5 + 1e-9)
      }
      #expect(
        zip(deep, entry.rgb).allSatisfy { ($0 + 128) / 257 == $1 })
    }
    let palette = try JSONDecoder().decode(
      [PaletteRecord].self, from: Data(try bench.read("p.json")))
    #expect(palette == report.palette)
    // The error is what is left of the noise, and not that of rounding.
    #expect(abs(report.mse - sumOfSquares(report)) < 1e-2 * report.mse)
    _ = try run(bench, [name, "-o", "s.png", "--memory", "1K"] + options)
    #expect(try bench.read("s.png") == bytes)
    _ = try run(bench, ["batch", name, "-o", "out/"] + options)
    #expect(try bench.read("out/\(name)") == bytes)
  }

  /// J over three channels of 8-bit units.
  private func sumOfSquares(_ report: Report) -> Double {
    (report.inertia ?? .nan) * (report.dimension == 1 ? 3 : 1)
  }

  @Test func alphaHasSixteenBitsToo() throws {
    let bench = try Workbench()
    try bench.write(TestRasters.disc(side: 40), to: "disc.png")
    _ = try run(
      bench,
      [
        "disc.png", "-k", "8", "--output-depth", "16", "-q", "-o", "a.png",
        "--report", "r.json",
      ])
    let bytes = try bench.read("a.png")
    #expect(bytes[24] == 16 && bytes[25] == 6)
    guard
      case .sixteen(let deep) = try ImageDecoder.decode(bytes).pixels
    else {
      Issue.record("16 bits are read")
      return
    }
    var pixels: Set<[Int]> = []
    for n in 0..<deep.size.pixelCount {
      pixels.insert(deep.samples[4 * n..<4 * n + 4].map { Int($0) })
    }
    let palette = try report(bench, "r.json").palette
    let written = palette.map { ($0.rgb16 ?? []) + [$0.alpha16 ?? -1] }
    #expect(pixels == Set(written))
  }

  @Test(
    arguments: [
      (["--optimize"], "--optimize"), (["--dither", "bayer"], "--dither"),
      (["--perceptual"], "--perceptual"),
      (["--posterize", "2"], "--posterize"),
      (["--palette", "p.hex"], "--palette"), (["-o", "x.jpg"], "JPEG"),
    ])
  func isRefusedWithReasons(options: [String], word: String) throws {
    let bench = try bench()
    try bench.write(Array("000000\nffffff\n".utf8), to: "p.hex")
    let run = try bench.run(["dim.png", "--output-depth", "16"] + options)
    #expect(run.status == 64)
    #expect(run.errorLines.count == 1)
    #expect(
      run.error.contains("--output-depth 16") && run.error.contains(word),
      "\(run.error)")
  }

  @Test func onlyTwoDepthsAreKnown() throws {
    let bench = try bench()
    let run = try bench.run(["dim.png", "--output-depth", "12"])
    #expect(run.status == 64)
    #expect(run.error.contains("must be 8 or 16, not 12"))
    let shared = try bench.run([
      "batch", "dim.png", "-o", "o/", "--output-depth", "16",
      "--shared-palette",
    ])
    #expect(shared.status == 64)
    #expect(shared.error.contains("--shared-palette"))
    _ = try self.run(
      bench, ["bright.png", "-k", "4", "--output-depth", "8", "-o", "e.png"])
    _ = try self.run(bench, ["bright.png", "-k", "4", "-o", "n.png"])
    #expect(try bench.read("e.png") == bench.read("n.png"))
  }

  /// A dim picture and a multiple of it have the same components and the same
  /// posterior in `segment` too.
  @Test func segmentsScale() throws {
    let bench = try bench()
    var found: [(means: [Double], shares: [Double])] = []
    for name in ["dim", "bright"] {
      let error = try run(
        bench,
        [
          "segment", "\(name).png", "-k", "3", "-c", "2", "--variance",
          "per-component", "--mixing", "learned", "-o", "\(name)-l.png",
          "--label-colors", "\(name)-c.png",
          "--responsibilities", "\(name).npz",
        ])
      let warning = "3 labels, 1 colour left after rounding to 8 bits"
      #expect(error.contains(warning) == (name == "dim"), "\(error)")
      let npz = try NPZFile(try bench.read("\(name).npz"))
      found.append(
        (
          try npz.array("means").values,
          try npz.array("responsibilities").values
        ))
    }
    for (dim, bright) in zip(found[0].means, found[1].means) {
      #expect(abs(bright / dim / 150 - 1) < 1e-4)
    }
    for (dim, bright) in zip(found[0].shares, found[1].shares) {
      #expect(abs(bright - dim) < 1e-3)
    }
  }
}
