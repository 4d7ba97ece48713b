import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// The options about the output file.
@Suite struct EncodingOptionTests {
  private let photo = TestRasters.noisyGradient(width: 60, height: 40)

  /// The sampling factors of brightness in a JPEG's frame.
  private func factors(_ file: [UInt8]) throws -> UInt8 {
    var position = 2
    while file[position + 1] != 0xc0 {
      try #require(file[position] == 0xff && file[position + 1] != 0xda)
      position += 2 + Int(file[position + 2]) << 8 + Int(file[position + 3])
    }
    return file[position + 11]
  }

  @Test(
    arguments: [
      ([], 0x11), (["--jpeg-quality", "89"], 0x22),
      (["--jpeg-quality", "90"], 0x11),
      (["--jpeg-quality", "50", "--jpeg-subsampling", "4:4:4"], 0x11),
      (["--jpeg-subsampling", "422"], 0x21),
      (["--jpeg-subsampling", "4:2:0"], 0x22),
    ] as [([String], UInt8)])
  func subsamplesAsAsked(arguments: [String], expected: UInt8) throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run(["a.png", "-o", "b.jpg"] + arguments)
    #expect(run.status == 0, "\(run.error)")
    #expect(try factors(try bench.read("b.jpg")) == expected)
  }

  @Test func qualityIsThatOfTheJPEG() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    var sizes: [Int] = []
    for quality in ["1", "30", "89", "100"] {
      let run = try bench.run(
        ["a.png", "-o", "b.jpg", "--force", "--jpeg-quality", quality])
      #expect(run.status == 0, "\(run.error)")
      sizes.append(try bench.read("b.jpg").count)
    }
    #expect(sizes == sizes.sorted())
    #expect(sizes[0] < sizes[3])
  }

  @Test(arguments: [
    ["-k", "40"], ["-k", "300"], ["-k", "40", "-o", "b.jpg"],
  ])
  func optimizedFilesAreSmaller(arguments: [String]) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 200, height: 150), to: "a.png")
    let name = arguments.contains("b.jpg") ? "b.jpg" : "a-quantized.png"
    let plain = try bench.run(["a.png"] + arguments)
    #expect(plain.status == 0, "\(plain.error)")
    let before = try bench.read(name)
    var files: [[UInt8]] = []
    for threads in ["1", "3"] {
      let run = try bench.run(
        ["a.png", "--optimize", "--force", "--threads", threads] + arguments)
      #expect(run.status == 0, "\(run.error)")
      files.append(try bench.read(name))
    }
    #expect(files[0] == files[1])
    #expect(files[0].count < before.count)
    #expect(
      try ImageDecoder.decode(files[0]).raster.samples
        == ImageDecoder.decode(before).raster.samples)
  }

  @Test func thePaletteIsReportedInTheOrderOfTheFile() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 200, height: 150), to: "a.png")
    let run = try bench.run([
      "a.png", "-k", "40", "-o", "b.png", "--optimize", "--palette-out",
      "p.json",
    ])
    #expect(run.status == 0, "\(run.error)")
    let palette = try JSONDecoder().decode(
      [PaletteRecord].self, from: Data(try bench.read("p.json")))
    let entries = palette.flatMap { $0.rgb.map { UInt8($0) } }
    #expect(PNGChunks(try bench.read("b.png"))?["PLTE"] == entries)
    // Not by counts any more, or the test would show nothing.
    #expect(palette.map(\.count) != palette.map(\.count).sorted(by: >))
  }

  @Test(arguments: ["png", "jpg"])
  func exifIsKeptWhenAskedFor(ending: String) throws {
    let bench = try Workbench()
    var annotations = Annotations()
    annotations.exif = ExifBuilder.tiff(orientation: 6, littleEndian: true)
    try bench.write(
      try PNGEncoder().encode(photo, annotations: annotations), to: "a.png")
    let output = "b.\(ending)"
    for arguments in [[], ["--strip"], ["--keep-metadata"]] {
      let run = try bench.run(
        ["a.png", "-o", output, "--force"] + arguments)
      #expect(run.status == 0, "\(run.error)")
      let written = try ImageDecoder.decode(try bench.read(output))
      // The pixels have been turned, and nobody shall turn them again.
      #expect(written.raster.size.width == photo.size.height)
      #expect(
        written.annotations.exif
          == (arguments == ["--keep-metadata"]
            ? ExifBuilder.tiff(orientation: 1, littleEndian: true) : nil))
    }
  }

  @Test func stripLeavesNothingButTheImage() throws {
    let bench = try Workbench()
    var annotations = Annotations()
    annotations.density = PixelDensity(
      horizontal: 2_835, vertical: 2_835, unit: .meter)
    annotations.xmp = Array("<x:xmpmeta/>".utf8)
    try bench.write(
      try PNGEncoder().encode(photo, annotations: annotations), to: "a.png")
    let run = try bench.run(["a.png", "-o", "b.png", "--strip"])
    #expect(run.status == 0, "\(run.error)")
    let chunks = try #require(PNGChunks(try bench.read("b.png")))
    #expect(chunks.names == ["IHDR", "PLTE", "IDAT", "IEND"])
  }

  @Test(arguments: [["a.png"], ["-", "-o", "b.png"], ["-", "-o", "-"]])
  func skipsWhatIsNotSmaller(arguments: [String]) throws {
    let bench = try Workbench()
    let first = try bench.run(
      ["-", "-k", "8", "--compression", "9", "-o", "a.png"],
      input: try PNGEncoder().encode(photo))
    #expect(first.status == 0, "\(first.error)")
    // The same image again, no smaller than it was.
    let input = try bench.read("a.png")
    let run = try bench.run(
      arguments + [
        "-k", "8", "--compression", "9", "--skip-if-larger", "--report",
        "r.json",
      ], input: input)
    #expect(run.status == 98)
    #expect(run.errorLines.count == 1)
    #expect(run.error.contains("not written"))
    #expect(run.error.contains("the input has \(input.count)"))
    #expect(run.output.isEmpty)
    #expect(try bench.names() == ["a.png"])
  }

  @Test func writesWhatIsSmaller() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run(
      ["a.png", "-k", "4", "--skip-if-larger", "-o", "b.png"])
    #expect(run.status == 0, "\(run.error)")
    #expect(try bench.read("b.png").count < bench.read("a.png").count)
  }
}
