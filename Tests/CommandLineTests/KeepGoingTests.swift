import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// `--keep-going`: damaged files, as far as they go.
@Suite struct KeepGoingTests {
  private static let photo = TestRasters.noisyGradient(width: 200, height: 120)

  private func decoded(_ bytes: [UInt8]) throws -> Raster {
    try ImageDecoder.decode(bytes).raster
  }

  @Test(arguments: ["a.png", "a.jpg"])
  func takesTheRowsBeforeTheDamage(name: String) throws {
    let bench = try Workbench()
    let whole =
      name == "a.png"
      ? try PNGEncoder().encode(Self.photo)
      : try JPEGEncoder(quality: 90).encode(Self.photo)
    let truth = try decoded(whole)
    try bench.write(Array(whole[..<(whole.count * 2 / 3)]), to: name)
    let refused = try bench.run([name, "-k", "256", "-o", "b.png"])
    #expect(refused.status == 65)
    #expect(refused.error.contains("with --keep-going"))
    #expect(try bench.names() == [name])

    let run = try bench.run(
      [name, "-k", "65536", "-o", "b.png", "--keep-going"])
    #expect(run.status == 0)
    #expect(run.errorLines.count == 1)
    #expect(run.error.contains("of 120 rows are lost"))
    let kept = try decoded(try bench.read("b.png"))
    #expect(kept.size.width == 200)
    #expect((30..<110).contains(kept.size.height))
    #expect(run.error.contains("\(120 - kept.size.height) of 120"))
    // All colours are in the palette: the rows are those of the sound file.
    #expect(kept.samples == Array(truth.samples[..<kept.samples.count]))
  }

  /// A JPEG that lacks its end marker alone is whole, also strip by strip.
  @Test(arguments: [[], ["--memory", "1"], ["--keep-going"]])
  func missingEndMarker(options: [String]) throws {
    let bench = try Workbench()
    let whole = try JPEGEncoder(quality: 90).encode(Self.photo)
    try bench.write(whole, to: "whole.jpg")
    try bench.write(Array(whole.dropLast(2)), to: "cut.jpg")
    let sound = try bench.run(["whole.jpg", "-k", "9", "-o", "a.png"])
    #expect(sound.error.isEmpty)
    let run = try bench.run(["cut.jpg", "-k", "9", "-o", "b.png"] + options)
    #expect(run.status == 0)
    #expect(
      run.error == "quantize: cut.jpg: warning: the JPEG has no end marker; "
        + "all of its rows are there\n")
    #expect(try bench.read("a.png") == bench.read("b.png"))
  }

  @Test func soundFilesAreAsWithout() throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    _ = try bench.run(["a.png", "-k", "8", "-o", "b.png"])
    let run = try bench.run(["a.png", "-k", "8", "-o", "c.png", "--keep-going"])
    #expect(run.error.isEmpty)
    #expect(try bench.read("b.png") == bench.read("c.png"))
  }

  /// What has no whole rows before its end, and no rows at all.
  @Test func filesWithoutRows() throws {
    let bench = try Workbench()
    var builder = PNGBuilder(width: 40, height: 40, bitDepth: 8, colorType: 2) {
      x, y, channel in (x * y + channel) % 256
    }
    builder.interlaced = true
    let interlaced = builder.bytes()
    try bench.write(Array(interlaced[..<(interlaced.count / 2)]), to: "i.png")
    let whole = try PNGEncoder().encode(Self.photo)
    try bench.write(Array(whole[..<60]), to: "none.png")
    for name in ["i.png", "none.png"] {
      let run = try bench.run([name, "-k", "4", "--keep-going"])
      #expect(run.status == 65)
      #expect(run.errorLines.count == 1)
      // Nothing is promised that cannot be had.
      #expect(!run.error.contains("--keep-going"))
    }
    #expect(try bench.names() == ["i.png", "none.png"])
  }

  @Test func keepsTheRestOfABatch() throws {
    let bench = try Workbench()
    let whole = try PNGEncoder().encode(Self.photo)
    try bench.write(Array(whole[..<(whole.count / 2)]), to: "a.png")
    try bench.write(whole, to: "b.png")
    let run = try bench.run(
      ["batch", "a.png", "b.png", "-k", "4", "-o", "out", "--keep-going"])
    #expect(run.status == 0, "\(run.error)")
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: bench.url("out").path
      ).filter { $0.hasSuffix(".png") }.sorted() == ["a.png", "b.png"])
  }
}
