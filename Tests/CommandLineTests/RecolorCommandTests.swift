import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// `quantize recolor`, from file to file.
@Suite struct RecolorCommandTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    var numbers = Generator(seed: 5)
    try bench.write(
      TestRasters.make(width: 60, height: 50) { x, y in
        let noise = UInt32(numbers.next() >> 40) % 30
        return x < 20
          ? (170 + noise) << 16 | (20 + noise) << 8 | 30
          : x < 40
            ? (90 + UInt32(y)) << 16 | (90 + UInt32(y)) << 8 | 100 + noise
            : 20 << 16 | (120 + noise) << 8 | 50
      }, to: "a.png")
    return bench
  }

  private func raster(_ bench: Workbench, _ name: String) throws -> Raster {
    try ImageDecoder.decode(try bench.read(name)).raster
  }

  @Test func redBecomesBlueAndTheRestStays() throws {
    let bench = try bench()
    let run = try bench.run([
      "recolor", "a.png", "--from", "#b32323", "--to", "#1d4ed8", "-k", "8",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.isEmpty)
    let (before, after) = (
      try raster(bench, "a.png"), try raster(bench, "a-recolored.png")
    )
    for n in 0..<before.size.pixelCount {
      let (old, new) = (
        Array(before.samples[3 * n..<3 * n + 3]),
        Array(after.samples[3 * n..<3 * n + 3])
      )
      if n % 60 < 20 {
        #expect(new[2] > new[0], "\(old) → \(new)")
      } else if n % 60 >= 40 {
        #expect(old == new)
      }
    }
  }

  /// The bytes are the same strip by strip, on one thread, and from standard input.
  @Test func allWaysGiveTheSameBytes() throws {
    let bench = try bench()
    let words = ["--from", "#b32323", "--to", "#1d4ed8"]
    func bytes(_ input: String, _ more: [String]) throws -> [UInt8] {
      let run = try bench.run(
        ["recolor", input, "-o", "o.png", "--force"] + words + more,
        input: input == "-" ? try bench.read("a.png") : [])
      #expect(run.status == 0, "\(run.error)")
      return try bench.read("o.png")
    }
    let expected = try bytes("a.png", [])
    #expect(try bytes("a.png", ["--memory", "1"]) == expected)
    #expect(try bytes("a.png", ["--threads", "1"]) == expected)
    #expect(try bytes("-", []) == expected)
  }

  @Test func depthAlphaAndFormatsAreKept() throws {
    let bench = try bench()
    let size = try #require(ImageSize(width: 9, height: 8))
    let deep = DeepRaster(
      size: size, channels: .rgba,
      samples: (0..<9 * 8 * 4).map { UInt16(truncatingIfNeeded: $0 * 7_919) })
    try bench.write(try PNGEncoder().encode(deep), to: "deep.png")
    let moves = ["--from", "#b32323", "--to", "#1d4ed8", "-k", "4", "--force"]
    let run = try bench.run(["recolor", "deep.png", "-o", "o.png"] + moves)
    #expect(run.status == 0, "\(run.error)")
    let image = try ImageDecoder.decode(try bench.read("o.png"))
    guard case .sixteen(let result) = image.pixels else {
      Issue.record("the depth is lost")
      return
    }
    #expect(result.channels == .rgba)
    for n in 0..<72 {
      #expect(result.samples[4 * n + 3] == deep.samples[4 * n + 3])
    }
    let jpeg = try bench.run(["recolor", "a.png", "-o", "o.jpg"] + moves)
    #expect(jpeg.status == 0, "\(jpeg.error)")
    #expect(
      try ImageDecoder.decode(try bench.read("o.jpg")).pixels.size.width == 60)
    let alpha = try bench.run(["recolor", "deep.png", "-o", "p.jpg"] + moves)
    #expect(alpha.status == 65)
    #expect(alpha.error.contains("p.jpg"))
    let optimized = try bench.run(
      ["recolor", "deep.png", "-o", "q.png", "--optimize"] + moves)
    #expect(optimized.status == 64)
    #expect(try bench.names().filter { $0.hasPrefix("q") }.isEmpty)
  }

  /// Palettes move one by one, or to the nearest; images to those of others.
  @Test func palettesAndImagesAreMatched() throws {
    let bench = try bench()
    try bench.write(Array("b32323\n787878\n148246\n".utf8), to: "a.hex")
    try bench.write(Array("2323b3\n787878\n148246\n".utf8), to: "b.hex")
    let pairs = try bench.run([
      "recolor", "a.png", "--palette", "a.hex", "--to-palette", "b.hex", "-o",
      "o.png", "-v",
    ])
    #expect(pairs.status == 0, "\(pairs.error)")
    #expect(pairs.error.contains("#b32323 → #2323b3"))
    // What stays is not moved.
    #expect(!pairs.error.contains("#148246 →"))
    for words in [["--to-palette", "b.hex"], ["--match", "a.png"]] {
      let run = try bench.run(
        ["recolor", "a.png", "-o", "p.png", "--force", "-v"] + words)
      #expect(run.status == 0, "\(run.error)")
      #expect(run.error.contains(" → "))
    }
    // An image matches itself.
    #expect(
      try raster(bench, "p.png").samples == raster(bench, "a.png").samples)
  }

  @Test(arguments: [
    ([], "nothing says what to move"),
    (["--from", "red"], "--from is given once and --to never"),
    (
      ["--from", "red", "--to", "blue", "--to", "green"],
      "--from is given once and --to 2 times"
    ),
    (
      ["--from", "red", "--to", "blue", "--from", "red", "--to", "green"],
      "is given twice"
    ),
    (["--from", "reed", "--to", "blue"], "give an opaque colour"),
    (
      ["--from", "red", "--to", "blue", "--match", "a.png"],
      "contradict each other"
    ),
    (
      ["--from", "red", "--to", "blue", "--palette", "a.hex"],
      "#ff0000 is not a colour of --palette; the nearest is #b32323"
    ),
    (
      ["--palette", "a.hex", "--to-palette", "b.hex"],
      "--palette has 2 colours and --to-palette 3"
    ),
    (
      ["--from", "red", "--to", "blue", "-k", "2", "-c", "3"],
      "--cprime must be 1 to the number of colours (2)"
    ),
    (
      [
        "--from", "red", "--to", "blue", "--lightness", "keep", "--space",
        "srgb",
      ],
      "lightness can be kept in Oklab and CIELAB only"
    ),
    (
      ["--from", "red", "--to", "blue", "--shades", "200"], "--shades must be 0"
    ),
    (["--match", "a.png", "--shades", "3"], "no effect without --from"),
    (
      ["--palette", "a.hex", "--to-palette", "a.hex", "-k", "3"],
      "contradict each other"
    ),
  ])
  func wrongUsageGetsItsLine(words: [String], message: String) throws {
    let bench = try bench()
    try bench.write(Array("b32323\n787878\n".utf8), to: "a.hex")
    try bench.write(Array("2323b3\n787878\n148246\n".utf8), to: "b.hex")
    let run = try bench.run(["recolor", "a.png", "-o", "o.png"] + words)
    #expect(run.status != 0)
    #expect(run.errorLines.count == 1)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(try bench.names() == ["a.hex", "a.png", "b.hex"])
  }

  /// Several images, of which one is missing.
  @Test func manyImagesAreDoneOneByOne() throws {
    let bench = try bench()
    try bench.write(try bench.read("a.png"), to: "b.png")
    let words = ["--from", "#b32323", "--to", "#1d4ed8"]
    let run = try bench.run(
      ["recolor", "a.png", "none.png", "b.png", "--ext", "-blue.png"] + words)
    #expect(run.status == 66, "\(run.error)")
    #expect(run.error.contains("none.png: there is no such file"))
    #expect(run.errorLines.last?.contains("1 of 3") == true, "\(run.error)")
    #expect(try bench.read("a-blue.png") == bench.read("b-blue.png"))
    for more in [
      ["a.png", "b.png", "-o", "c.png"],
      ["a.png", "b.png", "--preview", "c.png"], ["a.png", "-"],
      ["a.png", "./a.png", "--ext", "-x.png"], ["-", "--ext", "-x.png"],
      ["a.png", "--ext", "/x.png"],
      ["a.png", "--ext", "-x.png", "-o", "c.png"],
    ] {
      let refused = try bench.run(["recolor"] + more + words)
      #expect(refused.status == 64, "\(more): \(refused.error)")
    }
    #expect(try bench.names().count == 4)
  }

  /// The strip of variants: the original, the result, and other hues; the same bytes
  /// strip by strip.
  @Test func variantsAreDrawn() throws {
    let bench = try bench()
    let words = [
      "recolor", "a.png", "--from", "#b32323", "--to", "#1d4ed8", "-o", "o.png",
      "--force", "--preview", "p.png",
    ]
    let run = try bench.run(words)
    #expect(run.status == 0, "\(run.error)")
    let drawn = try raster(bench, "p.png")
    #expect(drawn.size == ImageSize(width: 7 * 60 + 6 * 8, height: 50))
    let (before, after) = (
      try raster(bench, "a.png"), try raster(bench, "o.png")
    )
    func tile(_ n: Int) -> [UInt8] {
      (0..<50).flatMap { y in
        let start = 3 * (y * drawn.size.width + n * 68)
        return drawn.samples[start..<start + 180]
      }
    }
    #expect(tile(0) == before.samples)
    #expect(tile(1) == after.samples)
    #expect(Set((0..<7).map(tile)).count == 7)
    let expected = try bench.read("p.png")
    #expect(try bench.run(words + ["--memory", "1"]).status == 0)
    #expect(try bench.read("p.png") == expected)
    let clash = try bench.run(words.dropLast() + ["./o.png"])
    #expect(clash.status == 64, "\(clash.error)")
  }

  /// A colour that is not there is said to be none.
  @Test func colorsThatAreNotThereAreNamed() throws {
    let bench = try bench()
    let run = try bench.run([
      "recolor", "a.png", "--from", "magenta", "--to", "blue", "--shades", "0",
      "-o", "o.png",
    ])
    #expect(run.status == 0)
    #expect(run.error.contains("almost nothing in the image has the colour"))
    let refused = try bench.run([
      "recolor", "a.png", "--from", "red", "--to", "blue", "-o", "a.png",
    ])
    #expect(refused.status == 73)
    #expect(try raster(bench, "a.png").size.width == 60)
  }
}

/// `quantize recolor` of folders.
@Suite struct RecolorBatchTests {
  private static let move = [
    "--from", "#b32323", "--to", "#1d4ed8", "-k", "4",
  ]

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for (name, shade) in [("in/a.png", 0), ("in/sub/b.png", 20)] {
      try FileManager.default.createDirectory(
        at: bench.url(name).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      try bench.write(
        TestRasters.make(width: 20, height: 20) { x, y in
          x < 10
            ? 0xb32323 + UInt32(shade) : 0x208040 + UInt32(y)
        }, to: name)
    }
    return bench
  }

  @Test func foldersAreRecoloredAsSingleImagesAre() throws {
    let bench = try bench()
    let run = try bench.run(
      ["recolor", "in/", "-r", "-o", "out/"] + Self.move)
    #expect(run.status == 0, "\(run.error)")
    for name in ["a.png", "sub/b.png"] {
      let single = try bench.run(
        ["recolor", "in/\(name)", "-o", "one.png", "-f"] + Self.move)
      #expect(single.status == 0)
      #expect(try bench.read("out/\(name)") == bench.read("one.png"))
    }
    // What is done is kept, and what is asked for differently is not.
    let again = try bench.run(
      ["recolor", "in/", "-r", "-o", "out/"] + Self.move)
    #expect(again.status == 0, "\(again.error)")
    let other = try bench.run(
      ["recolor", "in/", "-r", "-o", "out/", "--lightness", "keep"] + Self.move)
    #expect(other.status == 65)
    for option in ["--resume", "-f"] {
      let redone = try bench.run(
        ["recolor", "in/", "-r", "-o", "out/", "--lightness", "keep", option]
          + Self.move)
      #expect(redone.status == 0, "\(redone.error)")
    }
  }

  @Test func withoutAnOutputTheyStandNextToTheInputs() throws {
    let bench = try bench()
    let run = try bench.run(["recolor", "in"] + Self.move)
    #expect(run.status == 0, "\(run.error)")
    #expect(try !bench.read("in/a-recolored.png").isEmpty)
    #expect(
      !FileManager.default.fileExists(
        atPath: bench.url("in/sub/b-recolored.png").path))
    let ending = try bench.run(
      ["recolor", "in", "--ext", "-x.png"] + Self.move)
    #expect(ending.status == 0, "\(ending.error)")
    #expect(try !bench.read("in/a-x.png").isEmpty)
  }

  @Test func oneThatFailsDoesNotStopTheOthers() throws {
    let bench = try bench()
    try bench.write(
      Array(try bench.read("in/a.png").prefix(60)), to: "in/broken.png")
    let run = try bench.run(["recolor", "in/", "-o", "out/"] + Self.move)
    #expect(run.status == 65)
    #expect(run.error.contains("broken.png"))
    #expect(try !bench.read("out/a.png").isEmpty)
  }

  @Test(arguments: [
    (["recolor", "in", "-o", "x.png"], "for a folder, write x.png/"),
    (["recolor", "in", "--preview", "p.png"], "--preview is for one image"),
    (["recolor", "in", "-", "-o", "out/"], "standard input has no name"),
    (["recolor", "in/a.png", "--resume"], "--resume needs a folder"),
    (["recolor", "in", "--resume"], "--resume needs a folder"),
    (["recolor", "in/a.png", "-r"], "--recursive is for folders"),
  ])
  func wrongUsesSayWhatIsWrong(words: [String], message: String) throws {
    let bench = try bench()
    let run = try bench.run(words + Self.move)
    #expect(run.status == 64)
    #expect(run.error.contains(message), "\(run.error)")
  }
}
