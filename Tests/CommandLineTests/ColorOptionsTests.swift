import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// Colour spaces and depths from file to file.
@Suite struct ColorOptionsTests {
  /// Four colours, one a column, in a PNG with these chunks.
  private func png(
    _ chunks: [(name: String, payload: [UInt8])]
  ) -> [UInt8] {
    var builder = PNGBuilder(
      width: 4, height: 2, bitDepth: 8, colorType: 2
    ) { x, _, channel in
      [[250, 20, 30], [40, 230, 50], [60, 70, 220], [128, 128, 128]][x][channel]
    }
    builder.chunks = chunks
    return builder.bytes()
  }

  private func profile(_ bytes: [UInt8]) -> (name: String, payload: [UInt8]) {
    ("iCCP", Array("any\0\0".utf8) + PNGBuilder.stored(bytes))
  }

  private func report(_ bench: Workbench, _ name: String) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(bench.read(name)))
  }

  @Test func keepsP3AndSaysSo() throws {
    let bench = try Workbench()
    try bench.write(png([("cICP", [12, 13, 0, 1])]), to: "a.png")
    for space in ["srgb", "p3", "input"] {
      let run = try bench.run([
        "a.png", "--output-profile", space, "-o", "\(space).png", "--report",
        "\(space).json", "--palette-out", "\(space)-palette.json",
      ])
      #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
      let report = try report(bench, "\(space).json")
      #expect(report.space == space)
      #expect(report.mse == 0)
      #expect(
        report.palette.allSatisfy {
          $0.space == (space == "srgb" ? nil : space)
        })
      let written = try ImageDecoder.decode(
        try bench.read("\(space).png"), into: .input)
      let hasProfile = written.annotations.profile != nil
      #expect(hasProfile == (space != "srgb"))
      let colors = Array(written.raster.samples.prefix(3))
      #expect((colors == [250, 20, 30]) == (space != "srgb"))
    }
    // All three look the same.
    let shown = try ["srgb", "p3", "input"].map {
      try ImageDecoder.decode(try bench.read("\($0).png")).raster.samples
    }
    for other in shown.dropFirst() {
      let difference = zip(shown[0], other).map { abs(Int($0) - Int($1)) }.max()
      #expect(try #require(difference) <= 1)
    }
  }

  @Test func refusesSpacesThatItDoesNotKnow() throws {
    let bench = try Workbench()
    try bench.write(png([]), to: "a.png")
    for arguments in [
      ["--output-profile", "cmyk"],
      ["--output-profile", "p3", "--target-delta-e", "2"],
      ["--output-profile", "input", "--map", "a.png"],
    ] {
      let run = try bench.run(["a.png"] + arguments)
      #expect(run.status == 64)
      #expect(run.errorLines.count == 1)
    }
  }

  @Test func warnsInOneLine() throws {
    let bench = try Workbench()
    try bench.write(
      png([profile(ICCBuilder.profile(description: "x"))]), to: "a.png")
    let run = try bench.run(["a.png", "-o", "b.png"])
    #expect(run.status == 0)
    #expect(
      run.error == "quantize: a.png: warning: the ICC profile is broken; "
        + "sRGB is assumed\n")
    let quiet = try bench.run(["a.png", "-o", "c.png", "--quiet"])
    #expect(quiet.status == 0 && quiet.error.isEmpty)
    #expect(try bench.read("b.png") == (try bench.read("c.png")))
  }

  /// All 65,536 levels: the exact means of all and of each half.
  @Test func keepsSixteenBitsExactly() throws {
    let bench = try Workbench()
    let ramp = PNGBuilder(
      width: 256, height: 256, bitDepth: 16, colorType: 0,
      sample: { x, y, _ in y * 256 + x })
    try bench.write(ramp.bytes(), to: "ramp.png")
    let cases: [(k: Int, means: [Double])] = [
      (1, [32_767.5]), (2, [16_383.5, 49_151.5]),
    ]
    for (k, means) in cases {
      let run = try bench.run([
        "ramp.png", "-k", "\(k)", "--tolerance", "0", "--max-iterations", "60",
        "-o", "\(k).png", "--report", "\(k).json",
      ])
      #expect(run.status == 0, "\(run.error)")
      let report = try report(bench, "\(k).json")
      #expect(report.distinctColors == 65_536)
      let found = report.means.map { $0.map { $0 * 257 } }
        .sorted { $0[0] < $1[0] }
      #expect(found.count == k)
      for (mean, expected) in zip(found, means) {
        for value in mean { #expect(abs(value - expected) < 1) }
      }
    }
  }
}
