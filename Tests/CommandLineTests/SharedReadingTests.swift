import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// All commands read images in one way: the same limits, the same repairs, and
/// the same strips where an image is too large for memory.
@Suite struct SharedReadingTests {
  private static let photo = TestRasters.noisyGradient(width: 160, height: 120)

  private func bench(_ names: [String: [UInt8]]) throws -> Workbench {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: true)
    for (name, bytes) in names { try bench.write(bytes, to: "in/\(name)") }
    return bench
  }

  private static func sound() throws -> [UInt8] {
    try PNGEncoder().encode(photo)
  }

  /// The first half of a file whose colours are none of the sound one's.
  private static func damaged() throws -> [UInt8] {
    let red = TestRasters.make(width: 160, height: 120) { x, y in
      UInt32(200 + (x + y) % 50) << 16
    }
    let bytes = try PNGEncoder(compressionLevel: 0).encode(red)
    return Array(bytes[..<(bytes.count / 2)])
  }

  /// The shared palette is fitted to the rows that `--keep-going` rescues.
  @Test func sharedPalettesKnowWhatKeepGoingRescues() throws {
    let bench = try bench([
      "a.png": try Self.sound(), "b.png": try Self.damaged(),
    ])
    let run = try bench.run([
      "batch", "in", "-k", "8", "--shared-palette", "--keep-going", "-o",
      "out",
    ])
    #expect(run.status == 0, "\(run.error)")
    let palette = try #require(
      JSONSerialization.jsonObject(
        with: Data(try bench.read("out/palette.json"))) as? [[String: Any]])
    let reds = palette.compactMap { $0["rgb"] as? [Int] }.filter {
      $0[0] > 180 && $0[1] < 20 && $0[2] < 20
    }
    #expect(!reds.isEmpty, "no colour of the damaged file: \(palette)")
  }

  /// `--max-pixels` holds while the colours of a shared palette are counted.
  @Test func sharedPalettesKeepTheLimits() throws {
    let bench = try bench([
      "a.png": try PNGEncoder().encode(
        TestRasters.noisyGradient(width: 20, height: 20)),
      "b.png": try Self.sound(),
    ])
    let run = try bench.run([
      "batch", "in", "-k", "4", "--shared-palette", "--max-pixels", "1000",
      "-o", "out",
    ])
    #expect(run.status == 65)
    #expect(
      run.errorLines.filter { $0.contains("more than the 1000") }.count == 1,
      "\(run.error)")
    let palette = try #require(
      JSONSerialization.jsonObject(
        with: Data(try bench.read("out/palette.json"))) as? [[String: Any]])
    let pixels = palette.compactMap { $0["count"] as? Int }.reduce(0, +)
    #expect(pixels == 400)
  }

  @Test func compareHasLimits() throws {
    let bench = try bench(["a.png": try Self.sound()])
    for arguments in [
      ["in/a.png", "-k", "4"], ["in/a.png", "in/a.png"],
    ] {
      let run = try bench.run(
        ["compare"] + arguments + ["--max-pixels", "1000"])
      #expect(run.status == 65, "\(run.error)")
      #expect(run.error.contains("more than the 1000"), "\(run.error)")
    }
  }

  @Test func palettesHaveWhatKeepGoingRescues() throws {
    let bench = try bench(["b.png": try Self.damaged()])
    let refused = try bench.run(["palette", "in/b.png", "-k", "4"])
    #expect(refused.status == 65)
    let run = try bench.run([
      "palette", "in/b.png", "-k", "4", "--keep-going", "-o", "p.hex",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("of 120 rows are lost"), "\(run.error)")
    #expect(try bench.read("p.hex").count > 6)
  }

  /// An image of a batch that is too large for memory is read strip by strip,
  /// as one alone is.
  @Test(arguments: [[], ["--shared-palette"], ["--report", "r.jsonl"]])
  func batchesReadStripByStrip(options: [String]) throws {
    let files = [
      "a.png": try Self.sound(),
      "b.jpg": try JPEGEncoder(quality: 90).encode(Self.photo),
    ]
    let bench = try bench(files)
    let whole = try bench.run(
      ["batch", "in", "-k", "16", "-o", "whole", "-q"] + options)
    #expect(whole.status == 0, "\(whole.error)")
    let strips = try bench.run(
      ["batch", "in", "-k", "16", "-o", "strips", "-q", "--memory", "1K"]
        + options.map { $0 == "r.jsonl" ? "s.jsonl" : $0 })
    #expect(strips.status == 0, "\(strips.error)")
    for name in ["a.png", "b.png"] {
      #expect(
        try bench.read("whole/\(name)") == bench.read("strips/\(name)"))
    }
  }

  /// What cannot be read strip by strip fails within a budget, alone and in a
  /// batch, with the same line.
  @Test func theBudgetHoldsEverywhere() throws {
    var builder = PNGBuilder(width: 40, height: 40, bitDepth: 8, colorType: 2) {
      x, y, channel in (x * y + channel) % 256
    }
    builder.interlaced = true
    let bench = try bench(["i.png": builder.bytes()])
    let single = try bench.run([
      "in/i.png", "-k", "4", "--memory", "1K", "-o", "a.png",
    ])
    let batch = try bench.run([
      "batch", "in", "-k", "4", "--memory", "1K", "-o", "out",
    ])
    #expect(single.status == 65)
    #expect(batch.status == 65)
    let line = try #require(single.errorLines.first)
    #expect(line.contains("the image is interlaced"))
    #expect(batch.error.contains(line), "\(batch.error)")
  }

  /// Nothing is written to standard output where another output cannot be.
  @Test(arguments: [[], ["--memory", "1K"]])
  func standardOutputWaitsForTheOthers(options: [String]) throws {
    let bench = try bench([
      "t.png": try PNGEncoder().encode(
        TestRasters.noisyGradient(width: 60, height: 40))
    ])
    let run = try bench.run(
      ["in/t.png", "-k", "300", "-o", "-", "--palette-out", "p.act"] + options)
    #expect(run.status != 0)
    #expect(run.output.isEmpty)
    #expect(try bench.names() == ["in"])
  }
}
