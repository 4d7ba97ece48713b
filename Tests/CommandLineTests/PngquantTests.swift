import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// What people's scripts for pngquant say.
@Suite struct PngquantTests {
  private let photo = TestRasters.noisyGradient(width: 80, height: 60)

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    return bench
  }

  /// Runs, and gives the bytes of standard output.
  private func bytes(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> Data {
    let run = try bench.run(arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    #expect(run.output.count > 60)
    return run.output
  }

  private func report(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> Report {
    let run = try bench.run(
      ["a.png", "-f", "-o", "b.png", "--report", "-"] + arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    return try JSONDecoder().decode(Report.self, from: run.output)
  }

  @Test(arguments: [
    (["16", "a.png"], ["a.png", "-k", "16"]),
    (["16", "--", "a.png"], ["a.png", "-k", "16"]),
    (["a.png", "--speed", "1"], ["a.png", "--effort", "10"]),
    (["a.png", "-s4"], ["a.png"]),
    (["a.png", "-s", "11"], ["a.png", "--effort", "1"]),
    (["a.png", "--nofs"], ["a.png"]),
    (["a.png", "--ordered"], ["a.png"]),
    (["a.png", "--floyd=0"], ["a.png"]),
    (["a.png", "--posterize", "0"], ["a.png"]),
    (["a.png", "-Q", "60-80"], ["a.png", "--quality", "60-80"]),
    (["a.png", "-Q60-80"], ["a.png", "--quality", "60-80"]),
    (["a.png", "-Q", "-80"], ["a.png", "--quality", "0-80"]),
    (["a.png", "-Q", "50"], ["a.png", "--quality", "45-50"]),
    (["a.png", "-k64", "-Q", "5-"], ["a.png", "-k64", "--quality", "5-100"]),
    (["64", "a.png", "-Q", "5-100"], ["a.png", "-k", "64"]),
  ])
  func meansTheSame(theirs: [String], ours: [String]) throws {
    let bench = try bench()
    #expect(
      try bytes(bench, ["-o", "-"] + theirs)
        == bytes(bench, ["-o", "-"] + ours))
  }

  @Test func aNumberAloneIsAFile() throws {
    let bench = try bench()
    try bench.write(photo, to: "64")
    let run = try bench.run(["64"])
    #expect(run.status == 0, "\(run.error)")
    #expect(try bench.names() == ["64", "64-quantized.png", "a.png"])
    // With a number before it as well.
    let both = try bench.run(["2", "64", "-o", "c.png"])
    #expect(both.status == 0, "\(both.error)")
    let colors = try ImageDecoder.decode(try bench.read("c.png")).raster
    #expect(Set(packed(colors)).count == 2)
  }

  private func packed(_ raster: Raster) -> [UInt32] {
    stride(from: 0, to: raster.samples.count, by: 3).map {
      UInt32(raster.samples[$0]) << 16 | UInt32(raster.samples[$0 + 1]) << 8
        | UInt32(raster.samples[$0 + 2])
    }
  }

  @Test func extNamesTheOutput() throws {
    let bench = try bench()
    for (ext, format) in [
      ("-fs8.png", InputFormat.png), (".small.jpg", .jpeg),
    ] {
      #expect(try bench.run(["a.png", "-k", "8", "--ext", ext]).status == 0)
      let image = try ImageDecoder.decode(try bench.read("a\(ext)"))
      #expect(image.format == format)
    }
    let before = try bench.read("a.png")
    let refused = try bench.run(["a.png", "--ext", ".png"])
    #expect(refused.status == 73)
    #expect(refused.error.contains("--force"))
    #expect(try bench.read("a.png") == before)
    // In place, where that is what was asked for.
    #expect(
      try bench.run(["a.png", "-k", "8", "-f", "--ext=.png"]).status == 0)
    #expect(try bench.read("a.png") == bench.read("a-fs8.png"))
    #expect(try bench.names() == ["a-fs8.png", "a.png", "a.small.jpg"])
  }

  @Test func qualityTakesAsFewColorsAsAreEnough() throws {
    let bench = try bench()
    var last = 0
    for most in [5, 30, 60] {
      let report = try report(bench, ["--quality", "0-\(most)"])
      let selection = try #require(report.selection)
      #expect(selection.qualityMin == 0)
      #expect(selection.qualityMax == most)
      #expect(selection.kMax == 256)
      #expect(selection.targetPsnr == nil)
      let chosen = try #require(
        selection.candidates.first { $0.k == report.k })
      #expect(try #require(chosen.quality) >= most)
      #expect(selection.candidates.contains { $0.k == report.k - 1 })
      #expect(report.k > last)
      last = report.k
    }
    #expect(last < 256)
    // With -k no more than that, good or not.
    let capped = try report(bench, ["--quality", "0-60", "-k", "7"])
    #expect(capped.k == 7)
    #expect(capped.selection?.kMax == 7)
    let most = try report(bench, ["--quality", "0-60", "--k-max", "7"])
    #expect(most.means == capped.means)
  }

  @Test(arguments: [
    ["7", "a.png", "--quality", "60-80"], ["a.png", "-k", "2", "-Q", "99-"],
    ["a.png", "-k", "9", "--quality", "100"],
  ])
  func belowTheLeastQualityNothingIsWritten(arguments: [String]) throws {
    let bench = try bench()
    let run = try bench.run(arguments + ["--report", "r.json"])
    #expect(run.status == 99)
    #expect(run.errorLines.count == 1)
    #expect(run.error.contains("the most allowed, reach quality "))
    #expect(run.output.isEmpty)
    #expect(try bench.names() == ["a.png"])
  }

  @Test func verboseShowsTheQuality() throws {
    let bench = try bench()
    let run = try bench.run(["a.png", "--quality", "0-20", "-v"])
    #expect(run.errorLines.first?.contains(", quality ") == true)
  }

  @Test(arguments: [1, 3, 4])
  func posterizedPalettesHaveFewerBits(bits: Int) throws {
    let bench = try bench()
    let report = try report(bench, ["-k", "30", "--posterize", "\(bits)"])
    #expect(report.palette.count > 8)
    for entry in report.palette {
      for sample in entry.rgb {
        #expect(sample & (1 << bits - 1) == sample >> (8 - bits))
      }
    }
    let image = try ImageDecoder.decode(try bench.read("b.png")).raster
    #expect(
      Set(packed(image))
        == Set(
          report.palette.map {
            UInt32($0.rgb[0] << 16 | $0.rgb[1] << 8 | $0.rgb[2])
          }))
    // The error reported is that of what is written.
    let squares = zip(photo.samples, image.samples).map {
      (Int($0) - Int($1)) * (Int($0) - Int($1))
    }
    let error =
      Double(squares.reduce(0, +)) / Double(photo.size.pixelCount)
    #expect(abs(report.mse - error) < 1e-9)
  }

  @Test func posterizedAlphaToo() throws {
    let bench = try bench()
    let size = try #require(ImageSize(width: 255, height: 2))
    let samples = (0..<510).flatMap { (n: Int) -> [UInt8] in
      [UInt8(n % 255), 9, 200, UInt8(n / 2)]
    }
    try bench.write(
      Raster(size: size, channels: .rgba, samples: samples), to: "a.png")
    let report = try report(bench, ["-k", "30", "--posterize", "4"])
    #expect(report.palette.contains { $0.alpha > 0 && $0.alpha < 255 })
    #expect(report.palette.allSatisfy { $0.alpha % 17 == 0 })
    #expect(report.palette.filter { $0.alpha == 0 }.count == 1)
  }

  @Test func mapTakesThePaletteOfAnImage() throws {
    let bench = try bench()
    let colors: [UInt32] = [0x102030, 0xc08040, 0x808080, 0xfefefe]
    try bench.write(
      TestRasters.make(width: 4, height: 2) { x, _ in colors[x] },
      to: "p.png")
    let report = try report(bench, ["--map", "p.png"])
    #expect(report.iterations == 0)
    #expect(report.k == 4)
    let image = try ImageDecoder.decode(try bench.read("b.png")).raster
    func distance(_ a: UInt32, _ b: UInt32) -> Int {
      [0, 8, 16].reduce(0) { sum, shift in
        let difference = Int(a >> shift & 255) - Int(b >> shift & 255)
        return sum + difference * difference
      }
    }
    for (before, after) in zip(packed(photo), packed(image)) {
      #expect(colors.contains(after))
      #expect(
        distance(before, after)
          == colors.map { distance(before, $0) }.min())
    }
    // An image mapped to its own palette stays as it is.
    #expect(
      try bench.run(["b.png", "--map", "b.png", "-o", "c.png"]).status == 0)
    #expect(
      try ImageDecoder.decode(try bench.read("c.png")).raster.samples
        == image.samples)
  }

  @Test func mapKeepsWhatIsTransparent() throws {
    let bench = try bench()
    let size = try #require(ImageSize(width: 5, height: 1))
    try bench.write(
      Raster(
        size: size, channels: .rgba,
        samples: [
          1, 2, 3, 0, 250, 250, 250, 255, 10, 10, 10, 254, 0, 0, 0, 255,
          60, 60, 60, 30,
        ]), to: "t.png")
    try bench.write(
      TestRasters.make(width: 1, height: 1) { _, _ in 0x404040 }, to: "p.png")
    let run = try bench.run(["t.png", "--map", "p.png", "-o", "b.png"])
    #expect(run.status == 0, "\(run.error)")
    let image = try ImageDecoder.decode(try bench.read("b.png")).raster
    #expect(
      image.samples == [0, 0, 0, 0] + [64, 64, 64, 255] + [64, 64, 64, 255]
        + [64, 64, 64, 255] + [0, 0, 0, 0])
  }

  @Test func badPaletteImages() throws {
    let bench = try bench()
    try bench.write(Array("hello".utf8), to: "t.txt")
    let size = try #require(ImageSize(width: 1, height: 1))
    try bench.write(
      Raster(size: size, channels: .rgba, samples: [1, 2, 3, 99]),
      to: "clear.png")
    let cases: [(String, Int32, String)] = [
      ("none.png", 66, "no such file"), ("t.txt", 65, "Paint.NET"),
      ("clear.png", 65, "opaque"),
    ]
    for (name, status, word) in cases {
      let run = try bench.run(["a.png", "--map", name, "-o", "b.png"])
      #expect(run.status == status)
      #expect(run.errorLines.count == 1)
      #expect(run.error.hasPrefix("quantize: error: \(name): "))
      #expect(run.error.contains(word), "\(run.error)")
    }
    #expect(try bench.names() == ["a.png", "clear.png", "t.txt"])
  }

  @Test func refusals() throws {
    let bench = try bench()
    let cases: [([String], [String])] = [
      (["a.png", "--transbug"], ["--transbug", "leave it out"]),
      (["a.png", "16"], ["-k 16, or before the input"]),
      (["1", "a.png"], ["no file called 1", "2 to 65536"]),
      (["70000", "a.png"], ["no file called 70000", "2 to 65536"]),
      (["8", "a.png", "-k", "9"], ["twice, 8 and -k 9"]),
      (["8", "a.png", "-k", "auto"], ["twice, 8 and -k auto"]),
      (["a.png", "--quality", "80-60"], ["smaller one first"]),
      (["a.png", "--quality", "0-101"], ["0 to 100"]),
      (["a.png", "--quality", "101"], ["0 to 100"]),
      (["a.png", "--quality", "good"], ["min-max"]),
      (["a.png", "--quality", "-"], ["min-max"]),
      (["a.png", "--quality", "1-2-3"], ["min-max"]),
      (["a.png", "--quality", "-5-10"], ["min-max"]),
      (["a.png", "--quality", "99999999999999999999"], ["min-max"]),
      (["a.png", "--quality", "6000000000000000000"], ["0 to 100"]),
      (
        ["a.png", "-Q", "9", "--target-psnr", "30"],
        ["--target-psnr and --quality contradict"]
      ),
      (
        ["a.png", "-Q", "9", "--target-delta-e", "3"],
        ["--target-delta-e and --quality contradict"]
      ),
      (["a.png", "-Q", "9", "--criterion", "bic"], ["--criterion"]),
      (["a.png", "-Q", "9", "-k", "8", "--k-max", "9"], ["-k 8", "--k-max"]),
      (["a.png", "-Q", "9", "-k", "0"], ["-k must be 1 to 65536, not 0"]),
      (["a.png", "-Q", "9", "--map", "a.png"], ["--quality", "--map"]),
      (["a.png", "-Q", "9", "--init", "a.json"], ["--quality", "--init"]),
      (["a.png", "-k", "auto", "--map", "a.png"], ["-k auto", "--map"]),
      (["a.png", "--map", "b.png", "--init", "c"], ["--init", "--map"]),
      (["a.png", "--map", "b", "--posterize", "2"], ["--posterize", "--map"]),
      (["a.png", "--map", ""], ["--map is empty"]),
      (["-", "--map", "-", "-o", "b.png"], ["standard input", "--map"]),
      (["a.png", "--floyd", "--nofs"], ["--nofs", "--dither"]),
      (["a.png", "--floyd=2"], ["--dither-strength must be 0 to 1"]),
      (["a.png", "--speed", "0"], ["--speed must be 1 to 11, not 0"]),
      (["a.png", "--speed", "12"], ["not 12"]),
      (["a.png", "--speed", "3", "--effort", "5"], ["--speed", "--effort"]),
      (["a.png", "--posterize", "5"], ["0 to 4, not 5"]),
      (["a.png", "--posterize", "-1"], ["0 to 4, not -1"]),
      (["a.png", "--ext", "-x.png", "-o", "b.png"], ["--ext", "--output"]),
      (["a.png", "--ext", ""], ["--ext", "--output"]),
      (["a.png", "--ext", "/x.png"], ["--ext", "--output"]),
      (["a.png", "--ext", "-x.gif"], ["gif", "--format"]),
      (["-", "--ext", "-x.png"], ["--ext", "--output"]),
    ]
    for (arguments, words) in cases {
      let run = try bench.run(arguments)
      #expect(run.status == 64, "\(arguments): \(run.error)")
      #expect(run.errorLines.count == 1, "\(arguments): \(run.error)")
      for word in words {
        #expect(run.error.contains(word), "\(arguments): \(run.error)")
      }
      #expect(run.output.isEmpty)
    }
    #expect(try bench.names() == ["a.png"])
  }

  @Test func shortOptionForTheVersion() throws {
    let bench = try bench()
    #expect(
      try bench.run(["-V"]).output == bench.run(["--version"]).output)
    // After -- it is a file.
    #expect(try bench.run(["--", "-V"]).status == 66)
  }
}
