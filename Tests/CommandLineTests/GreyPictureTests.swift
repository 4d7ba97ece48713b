import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// Grey pictures in every command: one coordinate of colour, however the file
/// stores them.
@Suite struct GreyPictureTests {
  private static func grey(_ x: Int, _ y: Int) -> Int {
    [40, 90, 160][(x / 8 + y / 6) % 3] + (x * 37 + y * 101) % 61 / 2
  }

  /// The same picture as grey, as RGB and with a palette.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for (name, type) in [("grey.png", 0), ("rgb.png", 2), ("indexed.png", 3)] {
      var builder = PNGBuilder(
        width: 48, height: 36, bitDepth: 8, colorType: type
      ) { x, y, _ in Self.grey(x, y) }
      if type == 3 {
        let palette = (0..<256).flatMap {
          [UInt8](repeating: UInt8($0), count: 3)
        }
        builder.chunks = [("PLTE", palette)]
      }
      try bench.write(builder.bytes(), to: name)
    }
    return bench
  }

  private func report(_ bench: Workbench, _ name: String) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(try bench.read(name)))
  }

  @Test func storageMakesNoDifference() throws {
    let bench = try bench()
    var expected: (image: [UInt8], soft: [UInt8])?
    for (n, name) in ["grey.png", "rgb.png", "indexed.png"].enumerated() {
      for memory in [[], ["--memory", "1K"]] {
        let run = try bench.run(
          [
            name, "-k", "3", "-c", "3", "-q", "-f", "-o", "out.png",
            "--responsibilities", "soft.npz", "--report", "\(n).json",
          ] + memory)
        #expect(run.status == 0, "\(run.error)")
        let written = (
          image: try bench.read("out.png"), soft: try bench.read("soft.npz")
        )
        #expect(expected == nil || expected?.image == written.image)
        #expect(expected == nil || expected?.soft == written.soft)
        expected = written
        let report = try report(bench, "\(n).json")
        #expect(report.dimension == 1)
        #expect(report.means.allSatisfy { $0.count == 1 })
      }
    }
    let means = try NPZFile(try bench.read("soft.npz")).array("means")
    #expect(means.shape == [3, 1])
  }

  /// Greys of a wide profile are grey in sRGB too, though the conversion rounds.
  @Test(arguments: [8, 16])
  func profilesLeaveGreysGrey(bits: Int) throws {
    let bench = try Workbench()
    var builder = PNGBuilder(
      width: 48, height: 36, bitDepth: bits, colorType: 2
    ) { x, y, _ in Self.grey(x, y) * (bits == 8 ? 1 : 201) }
    // The primaries of Display P3, and another curve.
    let primaries = [
      31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000,
    ]
    builder.chunks = [
      ("gAMA", bigEndian(55_000)), ("cHRM", primaries.flatMap(bigEndian)),
    ]
    try bench.write(builder.bytes(), to: "wide.png")
    for profile in ["srgb", "p3"] {
      let run = try bench.run([
        "wide.png", "-k", "3", "-q", "-f", "-o", "o.png", "--output-profile",
        profile, "--report", "r.json",
      ])
      #expect(run.status == 0, "\(run.error)")
      #expect(try report(bench, "r.json").dimension == 1)
    }
  }

  @Test func batchesAndGivenColors() throws {
    let bench = try bench()
    let run = try bench.run([
      "batch", "grey.png", "rgb.png", "-k", "3", "-q", "-o", "out/",
      "--shared-palette", "--report", "r.jsonl",
    ])
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: try bench.read("r.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains("\"dimension\":1") })
    for (pin, dimension) in [("#808080", 1), ("#f00", 3)] {
      let run = try bench.run([
        "grey.png", "-k", "4", "--pin", pin, "-q", "-f", "-o", "o.png",
        "--report", "p.json",
      ])
      #expect(run.status == 0, "\(run.error)")
      #expect(try report(bench, "p.json").dimension == dimension)
    }
  }

  @Test(arguments: [[], ["--spatial", "0.2"]])
  func segmentsHaveOneCoordinateOfColor(spatial: [String]) throws {
    let bench = try bench()
    let run = try bench.run(
      [
        "segment", "rgb.png", "-k", "3", "-c", "3", "-o", "l.png",
        "--responsibilities", "s.npz",
      ] + spatial)
    #expect(run.status == 0, "\(run.error)")
    let npz = try NPZFile(try bench.read("s.npz"))
    let means = try npz.array("means")
    #expect(means.shape == [3, spatial.isEmpty ? 1 : 3])
    guard spatial.isEmpty else { return }
    let variance = try npz.number("sigma2")
    let (indices, shares) = (
      try npz.array("indices"), try npz.array("responsibilities")
    )
    for n in 0..<48 * 36 {
      let value = Double(Self.grey(n % 48, n / 48))
      let parts = means.values.map { mean in
        exp(-(value - mean) * (value - mean) / (2 * variance))
      }
      let total = parts.reduce(0, +)
      for i in 0..<3 {
        let component = Int(indices.values[3 * n + i])
        let expected = parts[component] / total
        #expect(abs(shares.values[3 * n + i] - expected) < 1e-5)
      }
    }
  }

  @Test func superpixelsToo() throws {
    let bench = try bench()
    let run = try bench.run([
      "segment", "grey.png", "--superpixels", "12", "-o", "l.png",
      "--responsibilities", "s.npz",
    ])
    #expect(run.status == 0, "\(run.error)")
    let npz = try NPZFile(try bench.read("s.npz"))
    #expect(try npz.array("means").shape[1] == 3)
  }
}
