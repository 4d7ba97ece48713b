import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// `--layers` of the command, right and wrong.
@Suite struct LayerOptionTests {
  private static let picture = TestRasters.noisyGradient(width: 32, height: 24)

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.picture, to: "a.png")
    return bench
  }

  /// The same with all alphas.
  private static let translucent: Raster = {
    var samples: [UInt8] = []
    for n in 0..<picture.size.pixelCount {
      samples += picture.samples[3 * n..<3 * n + 3]
      samples.append(UInt8(n % 256))
    }
    return Raster(size: picture.size, channels: .rgba, samples: samples)
  }()

  private static let options = ["a.png", "-k", "5", "-c", "2", "-o", "b.png"]

  private func report(_ bench: Workbench, _ name: String) throws -> [String:
    Any]
  {
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(bench.read(name)))
        as? [String: Any])
    return try #require(report["layers"] as? [String: Any])
  }

  @Test func writesEveryFormatAndReportsNoError() throws {
    let bench = try bench()
    let files = ["l.ora", "l.psd", "l.psb", "l.tif", "l.exr", "l/"]
    let run = try bench.run(
      Self.options + ["--report", "r.json"]
        + files.flatMap { ["--layers", $0] })
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    let starts: [(String, [UInt8])] = [
      ("l.ora", Array("PK".utf8)), ("l.psd", Array("8BPS\0\u{1}".utf8)),
      ("l.psb", Array("8BPS\0\u{2}".utf8)), ("l.tif", [0x49, 0x49, 42, 0]),
      ("l.exr", [0x76, 0x2f, 0x31, 0x01]),
    ]
    for (file, start) in starts {
      #expect(try bench.read(file).starts(with: start), "\(file)")
    }
    let layers = try report(bench, "r.json")
    #expect(layers["reconstructionRmse"] as? Double == 0)
    #expect(layers["blend"] as? String == "normal")
    #expect((layers["layers"] as? [Any])?.count == 5)
  }

  /// The image comes back out of a folder by the definition of blending.
  @Test func layersAreTheImage() throws {
    let bench = try bench()
    let run = try bench.run(
      Self.options + ["--layers", "l/", "--layer-blend", "add"])
    #expect(run.status == 0, "\(run.error)")
    var sums = [Int](repeating: 0, count: Self.picture.samples.count)
    for name in try FileManager.default.contentsOfDirectory(
      atPath: bench.url("l").path) where name.hasSuffix(".png")
    {
      let layer = try ImageDecoder.decode(try bench.read("l/\(name)")).raster
      for (n, sample) in layer.samples.enumerated() { sums[n] += Int(sample) }
    }
    #expect(sums == Self.picture.samples.map { Int($0) })
  }

  /// The bytes are the same on any number of threads, and read in strips.
  @Test(arguments: ["l.ora", "l.psd", "l.tif", "l.exr"])
  func bytesDoNotDependOnThreadsOrMemory(file: String) throws {
    let bench = try bench()
    for (options, name) in [
      (["--threads", "1"], "x"), (["--threads", "3"], "y"),
      (["--threads", "2", "--memory", "1K"], "z"),
    ] {
      let run = try bench.run(
        Self.options + ["-f", "--layers", name + file] + options)
      #expect(run.status == 0, "\(run.error)")
    }
    #expect(try bench.read("x" + file) == bench.read("y" + file))
    #expect(try bench.read("x" + file) == bench.read("z" + file))
  }

  @Test func segmentWritesLayers() throws {
    let bench = try bench()
    for method in [
      ["-k", "4", "-c", "2", "--smooth", "0.5"],
      ["-k", "4", "-c", "2", "--spatial", "0.3"],
      ["--superpixels", "6", "-c", "2"],
    ] {
      let run = try bench.run(
        ["segment", "a.png", "-o", "s.png", "-f", "--layers", "s.psd"]
          + ["--layers", "s.exr", "--report", "r.json"] + method)
      #expect(run.status == 0, "\(run.error)")
      #expect(
        try report(bench, "r.json")["reconstructionRmse"] as? Double == 0)
    }
  }

  /// The alpha of a picture is in its layers, also where segments ignore it.
  @Test(arguments: [["-k", "4"], ["--superpixels", "6"]])
  func segmentsOfTranslucentPicturesHaveTheirAlpha(
    method: [String]
  ) throws {
    let bench = try Workbench()
    try bench.write(Self.translucent, to: "a.png")
    let words = ["segment", "a.png", "-o", "s.png", "-f", "-c", "2"] + method
    let refused = try bench.run(
      words + ["--layers", "s.ora", "--layer-blend", "add"])
    #expect(refused.error.contains("need an opaque image"), "\(refused.error)")
    let run = try bench.run(words + ["--layers", "s.psd"])
    #expect(run.status == 0, "\(run.error)")
    // Four channels in the whole picture.
    #expect(try bench.read("s.psd")[13] == 4)
  }

  @Test func mergedLayersHaveTheNameThatIsGiven() throws {
    let bench = try bench()
    func layers(_ merged: String, error: String) throws -> [[String: Any]] {
      let run = try bench.run(
        Self.options + [
          "-f", "--report", "r.json", "--layers", "l.psd", "--merge-layers",
          merged,
        ])
      #expect(run.status == 0)
      #expect(
        error.isEmpty ? run.error.isEmpty : run.error.contains(error),
        "\(run.error)")
      return try #require(
        try report(bench, "r.json")["layers"] as? [[String: Any]])
    }
    let sea = try layers("sea=0,2-3", error: "")
    #expect(sea.map { $0["components"] as? [Int] } == [[0, 2, 3], [1], [4]])
    #expect(sea.first?["name"] as? String == "sea")
    // The nearest is taken, and said.
    let sand = try layers(
      "sand=rgb(200,100,90)",
      error: "layer sand: the image has no colour #c8645a")
    #expect(sand.count == 5)
    #expect(sand.contains { $0["name"] as? String == "sand" })
  }

  @Test(arguments: [
    (["--layers", "l.png"], "names no format of layers"),
    (["--layers", "l"], "names no format of layers"),
    (["--layer-blend", "add"], "--layers"),
    (["--merge-layers", "x=0"], "--layers"),
    (
      ["--layers", "l.exr", "--layer-blend", "normal"],
      "the parts of .exr add up"
    ),
    (["--layers", "l.psd", "--layer-blend", "screen"], "add"),
    (["--layers", "l.psd", "--merge-layers", "x"], "sky=0,3-5,#87ceeb"),
    (["--layers", "l.psd", "--merge-layers", "x="], "no colours follow"),
    (["--layers", "l.psd", "--merge-layers", "x=3-1"], "smaller one"),
    (
      ["--layers", "l.psd", "--merge-layers", "x=9"],
      "there is no colour 9; those of the image are 0 to 4"
    ),
    (
      [
        "--layers", "l.psd", "--merge-layers", "x=1", "--merge-layers", "y=1-2",
      ], "colour 1 is in two layers"
    ),
    (
      [
        "--layers", "l.psd", "--merge-layers", "x=1", "--merge-layers", "x=2",
      ], "two layers are called x"
    ),
  ])
  func wrongUsesSayWhatIsWrong(options: [String], message: String) throws {
    let bench = try bench()
    let run = try bench.run(Self.options + options)
    #expect(run.status != 0)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(try bench.names() == ["a.png"])
  }

  @Test func translucentImagesAddUpInLightOnly() throws {
    let bench = try Workbench()
    try bench.write(Self.translucent, to: "a.png")
    let run = try bench.run(
      Self.options + ["--layers", "l.ora", "--layer-blend", "add"])
    #expect(run.status != 0)
    #expect(run.error.contains("need an opaque image"), "\(run.error)")
    #expect(try bench.names() == ["a.png"])
    let light = try bench.run(
      Self.options + ["--layers", "l.exr", "--report", "r.json"])
    #expect(light.status == 0, "\(light.error)")
    #expect(try report(bench, "r.json")["reconstructionRmse"] as? Double == 0)
  }

  /// Of one colour, of nothing that can be seen, and with one layer.
  @Test func smallPicturesHaveLayersToo() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.make(width: 3, height: 2) { _, _ in 0xff8000 }, to: "a.png")
    try bench.write(
      Raster(
        size: TestRasters.make(width: 3, height: 2) { _, _ in 0 }.size,
        channels: .rgba, samples: [UInt8](repeating: 0, count: 24)),
      to: "n.png")
    for (file, k) in [("a.png", "1"), ("a.png", "4"), ("n.png", "2")] {
      let run = try bench.run(
        [file, "-k", k, "-o", "b.png", "-f", "--report", "r.json"]
          + ["--layers", "l.psd", "--layers", "l.ora", "--layers", "l.tif"])
      #expect(run.status == 0, "\(run.error)")
      #expect(
        try report(bench, "r.json")["reconstructionRmse"] as? Double == 0)
    }
  }

  @Test func severalImagesHaveNone() throws {
    let bench = try bench()
    try bench.write(Self.picture, to: "c.png")
    for option in ["--layers", "--responsibilities"] {
      let run = try bench.run(["a.png", "c.png", "-k", "4", option, "l.ora"])
      #expect(run.status == 64)
      #expect(run.error.contains("\(option) is for one image"))
    }
  }
}
