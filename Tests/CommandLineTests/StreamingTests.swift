import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Images that take more than `--memory`.
@Suite struct StreamingTests {
  private static let photo = TestRasters.noisyGradient(width: 160, height: 90)

  private static func builder(
    _ depth: Int, _ type: Int, alpha: @escaping (Int, Int) -> Int
  ) -> PNGBuilder {
    let most = 1 << depth - 1
    return PNGBuilder(width: 70, height: 41, bitDepth: depth, colorType: type) {
      x, y, channel in
      switch channel {
      case 3: alpha(x, y)
      case 1 where type == 4: alpha(x, y)
      default: (x * (channel + 3) * 97 + y * 31 * (channel + 1)) % (most + 1)
      }
    }
  }

  /// The bytes of all kinds of files that can be read strip by strip.
  private static func files() throws -> [String: [UInt8]] {
    var late = builder(8, 2) { _, _ in 0 }
    late.lateChunks = [
      ("eXIf", ExifBuilder.tiff(orientation: 1, littleEndian: true))
    ]
    var palette = PNGBuilder(width: 33, height: 20, bitDepth: 4, colorType: 3) {
      x, y, _ in (x + y) % 5
    }
    palette.chunks = [
      ("PLTE", (0..<15).map { UInt8($0 * 17) }), ("tRNS", [255, 0, 90]),
    ]
    return [
      "rgb.png": try PNGEncoder().encode(photo),
      "photo.jpg": try JPEGEncoder(quality: 90).encode(photo),
      "late.png": late.bytes(),
      "palette.png": palette.bytes(),
      "grey.png": builder(8, 0) { _, _ in 0 }.bytes(),
      "one.png": builder(1, 0) { _, _ in 0 }.bytes(),
      "deep.png": builder(16, 2) { _, _ in 0 }.bytes(),
      "opaque.png": builder(8, 6) { _, _ in 255 }.bytes(),
      "deep-opaque.png": builder(16, 6) { _, _ in 65_535 }.bytes(),
      "translucent.png": builder(8, 6) { x, _ in x * 3 }.bytes(),
      "grey-alpha.png": builder(16, 4) { x, y in (x * y * 40) % 65_536 }
        .bytes(),
    ]
  }

  /// The output has the bytes that it has with all pixels in memory.
  @Test(arguments: [
    ["-k", "16"], ["-k", "300", "--cprime", "2"],
    ["-k", "7", "--background", "#fed", "--space", "oklab"],
    ["-k", "9", "--alpha-threshold", "100", "--balance", "0.5"],
    ["-k", "5", "--strip", "--threads", "1"], ["-k", "auto"],
    ["--target-psnr", "25"], ["-k", "16", "--dither", "floyd-steinberg"],
    ["-k", "300", "--dither", "riemersma", "--cprime", "2"],
  ])
  func givesTheSameBytes(options: [String]) throws {
    let bench = try Workbench()
    for (name, bytes) in try Self.files() {
      try bench.write(bytes, to: name)
      let whole = try bench.run(
        [name, "-q", "-f", "-o", "whole.png"] + options)
      let parts = try bench.run(
        [
          name, "-q", "-f", "--memory", "1K", "-o", "parts.png", "--report",
          "r.json", "--palette-out", "p.json",
        ] + options)
      #expect(whole.status == parts.status, "\(name): \(parts.error)")
      #expect(whole.error == parts.error)
      guard whole.status == 0 else { continue }
      #expect(
        try bench.read("whole.png") == bench.read("parts.png"), "\(name)")
      #expect(try bench.names().contains("p.json"))
    }
  }

  /// Soft outputs, however colours are weighed.
  @Test(arguments: ["0", "0.3", "0.5", "1"], ["s.npz", "s.exr"])
  func givesTheSameResponsibilities(balance: String, output: String) throws {
    let bench = try Workbench()
    for (name, bytes) in try Self.files() {
      try bench.write(bytes, to: name)
      var outputs: [[UInt8]] = []
      for options in [[], ["--memory", "1K"]] {
        let run = try bench.run(
          [name, "-q", "-f", "-k", "6", "-c", "2", "--balance", balance]
            + ["-o", "out.png", "--responsibilities", output] + options)
        #expect(run.status == 0, "\(name): \(run.error)")
        outputs.append(try bench.read(output))
      }
      #expect(outputs[0] == outputs[1], "\(name)")
    }
  }

  /// An image of more colours than are points of a fit.
  @Test(arguments: [
    ["-k", "16"], ["-k", "256", "--cprime", "2"],
    ["-k", "12", "--space", "oklab", "--variance", "per-component"],
  ])
  func manyColors(options: [String]) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.make(width: 900, height: 900) { x, y in
        UInt32(y * 900 + x) &* 16_807 & 0xFF_FFFF
      }, to: "many.png")
    let whole = try bench.run(
      ["many.png", "-q", "-o", "whole.png", "--report", "w.json"] + options)
    let parts = try bench.run(
      [
        "many.png", "-q", "--memory", "1K", "--threads", "1", "-o",
        "parts.png", "--report", "p.json",
      ] + options)
    #expect(whole.status == 0 && parts.status == 0, "\(parts.error)")
    #expect(try bench.read("whole.png") == bench.read("parts.png"))
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(bench.read("w.json")))
        as? [String: Any])
    #expect(report["distinctColors"] as? Int == 810_000)
    let energies = try #require(report["freeEnergy"] as? [Double])
    #expect((1...6).contains(energies.count))
    for (last, next) in zip(energies, energies.dropFirst()) {
      #expect(next >= last - 1e-12)
    }
  }

  /// Images of many strips, the first of which may look like another kind.
  @Test(arguments: [
    ["-k", "16"], ["-k", "16", "--dither", "blue-noise", "--threads", "1"],
    ["-k", "12", "--dither", "floyd-steinberg"],
    [
      "-k", "7", "--dither", "sierra", "--background", "#fed", "--pin", "#f00",
      "--posterize", "4",
    ],
  ])
  func joinsStrips(options: [String]) throws {
    let bench = try Workbench()
    let width = 1_700
    let height = 1_300
    let photo = TestRasters.noisyGradient(width: width, height: height)
    try bench.write(photo, to: "rgb.png")
    var samples: [UInt8] = []
    for pixel in 0..<width * height {
      samples += photo.samples[3 * pixel..<3 * pixel + 3]
      samples.append(pixel / width < 900 ? 255 : UInt8(pixel / width % 256))
    }
    try bench.write(
      Raster(size: photo.size, channels: .rgba, samples: samples),
      to: "late-alpha.png")
    for name in ["rgb.png", "late-alpha.png"] {
      let whole = try bench.run(
        [name, "-q", "-o", "whole.png", "-f", "--effort", "1"] + options)
      let parts = try bench.run(
        [
          name, "-q", "-o", "parts.png", "-f", "--effort", "1", "--memory",
          "1K",
        ] + options)
      #expect(whole.status == 0, "\(whole.error)")
      #expect(parts.status == 0, "\(parts.error)")
      #expect(try bench.read("whole.png") == bench.read("parts.png"), "\(name)")
    }
  }

  /// Responsibilities, also in one strip and another of the file's.
  @Test(arguments: [
    ["-k", "5", "-c", "3"], ["-k", "4", "-c", "4", "--mixing", "learned"],
    ["-k", "12", "-c", "2", "--dither", "floyd-steinberg"],
  ])
  func writesResponsibilities(options: [String]) throws {
    let bench = try Workbench()
    let photo = TestRasters.noisyGradient(width: 900, height: 1_500)
    try bench.write(photo, to: "large.png")
    for (name, bytes) in try Self.files() { try bench.write(bytes, to: name) }
    for name in [
      "large.png", "deep.png", "translucent.png", "opaque.png", "photo.jpg",
    ] {
      for ending in ["npz", "exr"] {
        let arguments =
          [name, "-q", "-f", "--effort", "1", "-o", "x.png"] + options
        let whole = try bench.run(
          arguments + ["--responsibilities", "whole.\(ending)"])
        let parts = try bench.run(
          arguments + [
            "--responsibilities", "parts.\(ending)", "--memory", "1K",
          ])
        #expect(whole.status == 0, "\(whole.error)")
        #expect(parts.status == 0, "\(parts.error)")
        #expect(
          try bench.read("whole.\(ending)") == bench.read("parts.\(ending)"),
          "\(name) \(ending)")
      }
    }
  }

  @Test func writesToStandardOutput() throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    let whole = try bench.run(["a.png", "-k", "8", "-o", "-"])
    let parts = try bench.run(
      ["a.png", "-k", "8", "-o", "-", "--memory", "1K"])
    #expect(parts.status == 0)
    #expect(whole.output == parts.output)
    #expect(!parts.output.isEmpty)
  }

  /// What needs all pixels says so, and what it would take.
  @Test func saysWhatCannotBeStreamed() throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    var interlaced = Self.builder(8, 2) { _, _ in 0 }
    interlaced.interlaced = true
    try bench.write(interlaced.bytes(), to: "i.png")
    var turned = Self.builder(8, 2) { _, _ in 0 }
    turned.lateChunks = [
      ("eXIf", ExifBuilder.tiff(orientation: 6, littleEndian: true))
    ]
    try bench.write(turned.bytes(), to: "t.png")
    for (arguments, reason) in [
      (["i.png"], "interlaced"), (["t.png"], "rotated"),
      (["a.png", "--optimize"], "--optimize"),
      (["a.png", "--importance", "auto"], "--importance"),
      (["a.png", "-o", "x.jpg"], "JPEG"),
      (["a.png", "--responsibilities", "x.ora"], "soft outputs"),
      (["a.png", "--soft-output", "x.png"], "soft outputs"),
      (["a.png", "-o", "-", "--skip-if-larger"], "--skip-if-larger"),
      (["a.png", "--quality", "0-60", "--floyd"], "--dither"),
    ] {
      let names = try bench.names()
      let run = try bench.run(arguments + ["-k", "4", "--memory", "1M"])
      #expect(run.status == 65)
      #expect(run.error.contains(reason), "\(arguments): \(run.error)")
      #expect(run.error.contains("--memory"))
      #expect(run.error.split(separator: "\n").count == 1)
      #expect(run.output.isEmpty)
      #expect(try bench.names() == names)
      let free = try bench.run(arguments + ["-k", "4", "-f"])
      #expect(free.status == 0 || free.status == 98, "\(free.error)")
    }
  }

  @Test func keepsSkipIfLarger() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.make(width: 9, height: 9) { _, _ in 0x336699 }, to: "a.png")
    let run = try bench.run(
      [
        "a.png", "-k", "4", "--memory", "1K", "--skip-if-larger", "-o", "b.png",
      ])
    #expect(run.status == 98)
    #expect(try bench.names() == ["a.png"])
  }

  /// Damage is found in the first pass: nothing is written.
  @Test(arguments: ["a.png", "a.jpg"])
  func damagedFilesLeaveNothing(name: String) throws {
    let bench = try Workbench()
    let bytes =
      name == "a.png"
      ? try PNGEncoder().encode(Self.photo)
      : try JPEGEncoder(quality: 90).encode(Self.photo)
    try bench.write(Array(bytes[..<(bytes.count * 2 / 3)]), to: name)
    let whole = try bench.run([name, "-k", "4", "-o", "b.png"])
    let parts = try bench.run(
      [name, "-k", "4", "-o", "b.png", "--memory", "1K"])
    #expect(parts.status == 65)
    #expect(parts.error == whole.error)
    #expect(try bench.names() == [name])
  }

  @Test func refusesNonsense() throws {
    let bench = try Workbench()
    for size in ["0", "-3", "much", "1Q", ""] {
      let run = try bench.run(["a.png", "--memory", size])
      #expect(run.status == 64)
      #expect(run.error.contains("--memory"))
    }
  }
}
