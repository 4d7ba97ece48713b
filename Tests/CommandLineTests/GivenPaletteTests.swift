import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Palettes as they are given: their order, their names, and parts of them.
@Suite struct GivenPaletteTests {
  /// A GIMP palette with names, a colour that no pixel has, and one twice.
  private static let beads = """
    GIMP Palette
    Name: beads
    #
    255 255 255\tP01 White
    0 0 0\tP18 Black
    200 30 30\tP05 Red
    0 255 0\tP10 Green
    0 0 0\tP18 Black
    30 60 200\tP09 Blue

    """

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Array(Self.beads.utf8), to: "beads.gpl")
    // Mostly blue, some white, black and red.
    try bench.write(
      TestRasters.make(width: 16, height: 8) { x, y in
        x < 10 ? 0x2040c8 : y < 4 ? 0xfefefe : x < 13 ? 0x010101 : 0xc02020
      }, to: "a.png")
    return bench
  }

  /// Red, green, blue and alpha of the entries of a PNG's palette.
  private func table(_ bench: Workbench, _ name: String) throws -> [[UInt8]] {
    let bytes = try bench.read(name)
    func chunk(_ kind: String) -> [UInt8] {
      var at = 8
      while at + 8 <= bytes.count {
        let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
        let type = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
        if type == kind { return Array(bytes[at + 8..<at + 8 + length]) }
        at += 12 + length
      }
      return []
    }
    let colors = chunk("PLTE")
    let alphas = chunk("tRNS")
    return stride(from: 0, to: colors.count, by: 3).map { i in
      Array(colors[i..<i + 3])
        + [i / 3 < alphas.count ? alphas[i / 3] : 255]
    }
  }

  private let given: [[UInt8]] = [
    [255, 255, 255, 255], [0, 0, 0, 255], [200, 30, 30, 255],
    [0, 255, 0, 255], [0, 0, 0, 255], [30, 60, 200, 255],
  ]

  @Test(arguments: [
    [], ["--dither", "floyd-steinberg"], ["--memory", "1"],
    ["--dither", "bayer4", "--memory", "1"], ["-k", "4"],
  ])
  func keptPalettesAreThoseOfTheFile(options: [String]) throws {
    let bench = try bench()
    let run = try bench.run(
      ["a.png", "--palette", "beads.gpl", "--keep-palette", "-o", "o.png"]
        + options)
    #expect(run.status == 0, "\(run.error)")
    #expect(try table(bench, "o.png") == given)
    // Only the numbers of the colours change.
    let other = try bench.run(
      ["a.png", "--palette", "beads.gpl", "-o", "p.png"] + options)
    #expect(other.status == 0)
    let images = try ["o.png", "p.png"].map {
      try ImageDecoder.decode(try bench.read($0)).pixels.rounded()
    }
    #expect(images[0].samples == images[1].samples)
  }

  @Test func framesOfASharedPaletteHaveOneTable() throws {
    let bench = try bench()
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: true)
    try bench.write(
      TestRasters.noisyGradient(width: 20, height: 20), to: "in/a.png")
    try bench.write(
      TestRasters.make(width: 9, height: 9) { _, _ in 0x123456 },
      to: "in/b.png")
    try bench.write(TestRasters.disc(side: 20), to: "in/c.png")
    let run = try bench.run([
      "batch", "in", "--shared-palette", "-k", "12", "-o", "out",
    ])
    #expect(run.status == 0, "\(run.error)")
    let first = try table(bench, "out/a.png")
    #expect(first.count == 12)
    #expect(try table(bench, "out/b.png") == first)
    #expect(try table(bench, "out/c.png") == first)
  }

  @Test(arguments: [0, 3, 9])
  func transparencyHasAGivenPlace(index: Int) throws {
    let bench = try bench()
    try bench.write(TestRasters.disc(side: 20), to: "disc.png")
    for (name, memory) in [("a.png", []), ("disc.png", ["--memory", "1"])] {
      let run = try bench.run(
        [
          name, "-k", "5", "--transparent-index", "\(index)", "-o", "o.png",
          "--force",
        ] + memory)
      #expect(run.status == 0, "\(run.error)")
      let table = try table(bench, "o.png")
      #expect(table[index] == [0, 0, 0, 0])
      #expect(table.count { $0[3] == 0 } == 1)
      #expect(table.count >= index)
    }
    let full = try bench.run([
      "a.png", "--transparent-index", "256", "-o", "q.png",
    ])
    #expect(full.status == 64)
  }

  @Test func namesTravel() throws {
    let bench = try bench()
    let run = try bench.run([
      "a.png", "--palette", "beads.gpl", "-o", "o.png", "--palette-out",
      "used.gpl", "--palette-report", "counts.csv",
    ])
    #expect(run.status == 0, "\(run.error)")
    let palette = String(decoding: try bench.read("used.gpl"), as: UTF8.self)
    #expect(palette.contains("\tP09 Blue"))
    #expect(palette.contains("\tP05 Red"))
    #expect(!palette.contains("Green"))
    let counts = String(decoding: try bench.read("counts.csv"), as: UTF8.self)
    let lines = counts.split(separator: "\r\n")
    #expect(lines[0] == "index,name,hex,count,share")
    #expect(lines[1] == "0,P09 Blue,#1e3cc8,80,0.625")
    #expect(lines.count == 5)
    let listed = try bench.run([
      "palette", "a.png", "--palette", "beads.gpl", "--names",
    ])
    #expect(
      String(decoding: listed.output, as: UTF8.self).contains(
        "1e3cc8 P09 Blue"))
  }

  @Test func pinsHaveNamesAndAPlace() throws {
    let bench = try bench()
    let run = try bench.run([
      "a.png", "-k", "4", "--pin", "Brand=#e4002b", "--pin", "white",
      "--pins-first", "-o", "o.png", "--palette-out", "p.gpl",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(
      try Array(table(bench, "o.png").prefix(2)) == [
        [0xe4, 0, 0x2b, 255], [255, 255, 255, 255],
      ])
    let palette = String(decoding: try bench.read("p.gpl"), as: UTF8.self)
    #expect(palette.contains("228   0  43\tBrand"))
  }

  @Test func moreThan256ColorsCanBeGiven() throws {
    let bench = try bench()
    let list = (0..<700).map { n in
      let digits = String(n * 7, radix: 16)
      return String(repeating: "0", count: 6 - digits.count) + digits
    }.joined(separator: "\n")
    try bench.write(Array((list + "\n2040c8\nfefefe\n").utf8), to: "many.hex")
    let run = try bench.run([
      "a.png", "--palette", "many.hex", "-o", "o.png",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(try table(bench, "o.png").count <= 4)
    let kept = try bench.run([
      "a.png", "--palette", "many.hex", "--keep-palette", "-o", "q.png",
    ])
    #expect(kept.status == 64)
    #expect(kept.error.contains("702 colours"))
  }

  @Test func softEdgesAreWrittenWithAWarning() throws {
    let bench = try bench()
    try bench.write(TestRasters.disc(side: 32), to: "disc.png")
    for ending in ["gpl", "ase", "pal", "act"] {
      let run = try bench.run([
        "palette", "disc.png", "-k", "8", "-o", "p.\(ending)",
      ])
      #expect(run.status == 0, "\(run.error)")
      #expect(run.error.contains("written as opaque"), "\(run.error)")
    }
    let json = try bench.run(["palette", "disc.png", "-k", "8", "-o", "p.json"])
    #expect(json.error.isEmpty)
  }

  @Test func paletteShows16ColorsOfThePicture() throws {
    let bench = try bench()
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "b.png")
    let run = try bench.run(["palette", "b.png"])
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 16)
    let plain = try bench.run(["palette", "b.png", "--space", "oklab"])
    let looks = try bench.run([
      "palette", "b.png", "--perceptual", "--importance", "none",
    ])
    #expect(plain.output == looks.output)
  }

  @Test func listsKeepTheOrderOfTheFile() throws {
    let bench = try bench()
    func lines(_ options: String...) throws -> [Substring] {
      let run = try bench.run(
        ["palette", "a.png", "--palette", "beads.gpl"] + options)
      #expect(run.status == 0, "\(run.error)")
      return String(decoding: run.output, as: UTF8.self)
        .split(separator: "\n")
    }
    let file = ["ffffff", "000000", "c81e1e", "00ff00", "000000", "1e3cc8"]
    #expect(try lines("--keep-palette").map(String.init) == file)
    #expect(try lines("--keep-palette", "--sort", "frequency")[0] == "1e3cc8")
    #expect(try lines()[0] == "1e3cc8")
  }

  @Test func ordersAreForIndexedImages() throws {
    let bench = try bench()
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "b.png")
    for options in [
      ["--transparent-index", "3"], ["--pin", "red", "--pins-first"],
    ] {
      let many = try bench.run(["b.png", "-k", "300", "-o", "c.png"] + options)
      #expect(many.status == 65)
      #expect(many.error.contains("at most 256"), "\(many.error)")
      let jpeg = try bench.run(["b.png", "-k", "9", "-o", "c.jpg"] + options)
      #expect(jpeg.status == 64)
      #expect(jpeg.error.contains("are for a PNG"), "\(jpeg.error)")
    }
  }

  /// A palette that was written as a picture is read in its order.
  @Test func swatchesKeepTheirOrder() throws {
    let bench = try bench()
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "b.png")
    for sorting in ["frequency", "hue"] {
      for name in ["p.png", "p.hex"] {
        let run = try bench.run([
          "palette", "b.png", "-k", "9", "--sort", sorting, "-f", "-o", name,
        ])
        #expect(run.status == 0, "\(run.error)")
        let mapped = try bench.run([
          "b.png", "--palette", name, "--keep-palette", "-f", "-o",
          "from-\(name.suffix(3)).png",
        ])
        #expect(mapped.status == 0, "\(mapped.error)")
      }
      #expect(
        try table(bench, "from-png.png") == table(bench, "from-hex.png"))
    }
  }

  @Test func imageColorsMayAllBeTranslucent() throws {
    let bench = try bench()
    let size = try #require(ImageSize(width: 16, height: 16))
    try bench.write(
      Raster(
        size: size, channels: .rgba,
        samples: (0..<256).flatMap { [UInt8($0), 90, 30, UInt8(1 + $0 / 2)] }),
      to: "t.png")
    let run = try bench.run(["t.png", "--from-image", "-k", "6", "-o", "o.png"])
    #expect(run.status == 0, "\(run.error)")
    let known = Set((0..<256).map { [UInt8($0), 90, 30, UInt8(1 + $0 / 2)] })
    #expect(try known.isSuperset(of: table(bench, "o.png")))
  }

  @Test(arguments: [
    (["--keep-palette"], "--palette"), (["--pins-first"], "--pin"),
    (["--palette", "beads.gpl", "--keep-palette", "--optimize"], "--optimize"),
    (["--from-image", "--palette", "beads.gpl"], "--from-image"),
    (["--from-image", "-k", "auto"], "--from-image"),
    (["--palette", "beads.gpl", "-k", "auto"], "-k auto"),
  ])
  func contradictions(options: [String], reason: String) throws {
    let bench = try bench()
    let run = try bench.run(["a.png", "-o", "o.png"] + options)
    #expect(run.status == 64)
    #expect(run.error.contains(reason), "\(run.error)")
  }
}
