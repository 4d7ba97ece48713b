import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Colours under an alpha of 0 count nowhere: two images that look the same give
/// the same bytes.
@Suite struct UnseenColorTests {
  /// A soft disc whose transparent pixels have random colours.
  private static func raster(hiding seed: UInt64?) -> Raster {
    let disc = TestRasters.disc(side: 72)
    guard let seed else { return disc }
    var numbers = Generator(seed: seed)
    var samples = disc.samples
    for first in stride(from: 0, to: samples.count, by: 4)
    where samples[first + 3] == 0 {
      for d in 0..<3 {
        samples[first + d] = UInt8(truncatingIfNeeded: numbers.next() >> 40)
      }
    }
    return Raster(size: disc.size, channels: .rgba, samples: samples)
  }

  /// The same in 16 bits a sample.
  private static func deep(hiding seed: UInt64?) -> [UInt8] {
    let raster = raster(hiding: seed)
    let width = raster.size.width
    return PNGBuilder(
      width: width, height: raster.size.height, bitDepth: 16, colorType: 6
    ) { x, y, channel in
      Int(raster.samples[4 * (y * width + x) + channel]) * 257
    }.bytes()
  }

  private static let options: [[String]] = [
    ["-k", "7", "-o", "o.png"],
    ["-k", "7", "--importance", "auto", "-o", "o.png"],
    ["-k", "7", "--importance", "auto", "--balance", "0.4", "-o", "o.png"],
    ["-k", "7", "--perceptual", "-o", "o.png"],
    ["-k", "7", "--perceptual", "--dither", "none", "-o", "o.png"],
    ["-k", "7", "--dither", "sierra", "--memory", "1M", "-o", "o.png"],
    ["-k", "7", "--dither", "riemersma", "--optimize", "-o", "o.png"],
    ["-k", "7", "--dither", "blue-noise", "-o", "o.png"],
    ["-k", "auto", "--k-max", "9", "-o", "o.png"],
    ["--quality", "40-70", "-o", "o.png"],
    ["-k", "6", "--background", "#fed", "--importance", "auto", "-o", "o.png"],
    ["-k", "6", "--alpha-threshold", "90", "--perceptual", "-o", "o.png"],
    ["-k", "5", "-c", "2", "--responsibilities", "r.npz", "-o", "o.png"],
    ["-k", "5", "-c", "2", "--soft-output", "s.png", "-o", "o.png"],
    ["palette", "-k", "6", "--importance", "auto", "-o", "p.json"],
    ["segment", "-k", "4", "-o", "o.png", "--outlines", "o.svg"],
    ["segment", "-k", "4", "--spatial", "0.4", "-o", "o.png"],
    ["segment", "-k", "4", "-c", "2", "--min-region", "9", "-o", "o.png"],
    ["segment", "--superpixels", "20", "-o", "o.png", "--overlay", "v.png"],
  ]

  /// What a command writes, by name, and its standard output.
  private func results(
    _ options: [String], _ input: [UInt8]
  ) throws -> [String: [UInt8]] {
    let bench = try Workbench()
    try bench.write(input, to: "a.png")
    var arguments = options
    let commands = ["palette", "segment"]
    arguments.insert("a.png", at: commands.contains(options[0]) ? 1 : 0)
    let run = try bench.run(arguments + ["--threads", "2"])
    #expect(run.status == 0, "\(options): \(run.error)")
    var written: [String: [UInt8]] = [:]
    for name in try bench.names() where name != "a.png" {
      written[name] = try bench.read(name)
    }
    written["standard output"] = [UInt8](run.output)
    return written
  }

  @Test(arguments: options)
  func bytesAreTheSame(options: [String]) throws {
    let plain = try PNGEncoder().encode(Self.raster(hiding: nil))
    let expected = try results(options, plain)
    #expect(expected.count > 1)
    for seed in 1...2 as ClosedRange<UInt64> {
      let other = try PNGEncoder().encode(Self.raster(hiding: seed))
      #expect(other != plain)
      #expect(try results(options, other) == expected, "\(options)")
    }
    #expect(
      try results(options, Self.deep(hiding: nil))
        == results(options, Self.deep(hiding: 3)), "\(options), 16 bits")
  }

  @Test func metricsSeeNoDifference() throws {
    let bench = try Workbench()
    try bench.write(
      try PNGEncoder().encode(Self.raster(hiding: nil)), to: "a.png")
    try bench.write(
      try PNGEncoder().encode(Self.raster(hiding: 5)), to: "b.png")
    let run = try bench.run(["-k", "9", "a.png", "-o", "c.png"])
    #expect(run.status == 0, "\(run.error)")
    let first = try bench.run(["metrics", "a.png", "c.png", "--json"])
    let second = try bench.run(["metrics", "b.png", "c.png", "--json"])
    #expect(first.status == 0, "\(first.error)")
    let text = String(decoding: first.output, as: UTF8.self)
      .replacingOccurrences(of: "a.png", with: "b.png")
    #expect(text == String(decoding: second.output, as: UTF8.self))
  }

  @Test func comparisonsShowTheSame() throws {
    let seeds: [UInt64?] = [nil, 6]
    let pictures = try seeds.map { seed in
      let bench = try Workbench()
      try bench.write(
        try PNGEncoder().encode(Self.raster(hiding: seed)), to: "a.png")
      let run = try bench.run(
        ["compare", "a.png", "-k", "4", "--cprime", "1,2", "-o", "report"])
      #expect(run.status == 0, "\(run.error)")
      // The rest has times and the size of the file in it.
      let page = String(
        decoding: try bench.read("report/index.html"), as: UTF8.self)
      let found = page.components(separatedBy: "data:image/png;base64,")
        .dropFirst().map { $0.prefix { $0 != "\"" && $0 != ")" } }
      #expect(found.count > 2)
      return found
    }
    #expect(pictures[0] == pictures[1])
  }

  /// A batch gives the pixels that its images give alone.
  @Test func batchesWithOnePalette() throws {
    let seeds: [UInt64?] = [nil, 8]
    let outputs = try seeds.map { seed in
      let bench = try Workbench()
      for name in ["a", "b"] {
        try bench.write(
          try PNGEncoder().encode(Self.raster(hiding: seed)), to: "\(name).png")
      }
      let run = try bench.run([
        "batch", "a.png", "b.png", "-k", "6", "--importance", "auto",
        "--shared-palette", "-o", "out",
      ])
      #expect(run.status == 0, "\(run.error)")
      return [try bench.read("out/a.png"), try bench.read("out/b.png")]
    }
    #expect(outputs[0] == outputs[1])
  }
}
