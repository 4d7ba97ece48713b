import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Each mistake gets its own line and exit status, and leaves no file behind.
@Suite struct BadInputTests {
  private let photo = TestRasters.noisyGradient(width: 40, height: 30)

  /// Runs, and checks status, that the error is one line with some words, that
  /// standard output is empty, and that no file came or went.
  private func expectFailure(
    _ bench: Workbench, _ arguments: [String], status: Int32,
    _ words: String..., input: [UInt8] = []
  ) throws {
    let before = try bench.names()
    let run = try bench.run(arguments, input: input)
    #expect(run.status == status, "\(arguments): \(run.error)")
    #expect(run.errorLines.count == 1, "\(arguments): \(run.error)")
    #expect(run.error.hasPrefix("quantize: error: "))
    #expect(run.error.hasSuffix("\n"))
    for word in words {
      #expect(run.error.contains(word), "\(arguments): \(run.error)")
    }
    #expect(run.output.isEmpty)
    #expect(try bench.names() == before)
  }

  @Test func wrongUsage() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let cases: [([String], String)] = [
      (["a.png", "-k", "0"], "1 to 65536, not 0"),
      (["a.png", "-k", "70000"], "1 to 65536, not 70000"),
      (["a.png", "-k", "-3"], "-3"),
      (["a.png", "-k", "many"], "a whole number from 1 to 65536, or auto"),
      (["a.png", "-k", "4", "--cprime", "5"], "colours (4), not 5"),
      (["a.png", "--cprime", "0"], "not 0"),
      (["a.png", "--threads", "0"], "--threads"),
      (["a.png", "--effort", "0"], "effort must be 1 to 10, not 0"),
      (["a.png", "--effort", "11"], "effort must be 1 to 10, not 11"),
      (["a.png", "--effort", "best"], "best"),
      (["a.png", "--max-iterations", "-1"], "--max-iterations"),
      (["a.png", "--tolerance", "-1"], "--tolerance"),
      (["a.png", "--tolerance", "nan"], "--tolerance"),
      (["a.png", "--seed", "-1"], "-1"),
      (["a.png", "--background", "blueish"], "#rrggbb"),
      (["a.png", "--alpha-threshold", "0"], "1 to 255, not 0"),
      (
        ["a.png", "--background", "#fff", "--alpha-threshold", "9"],
        "one of them"
      ),
      (["a.png", "--compression", "10"], "--compression must be 0 to 9"),
      (["a.png", "--compression", "6", "-o", "b.jpg"], "is for a PNG"),
      (["a.png", "--jpeg-quality", "80"], "the output is a PNG"),
      (["a.png", "--jpeg-subsampling", "420"], "the output is a PNG"),
      (["a.png", "--jpeg-quality", "0", "-o", "b.jpg"], "1 to 100, not 0"),
      (
        ["a.png", "--jpeg-subsampling", "4:1:1", "-o", "b.jpg"],
        "use 4:4:4, 4:2:2 or 4:2:0"
      ),
      (
        ["a.png", "--jpeg-subsampling", "42:0", "-o", "b.jpg"],
        "use 4:4:4, 4:2:2 or 4:2:0"
      ),
      (["a.png", "--strip", "--keep-metadata"], "contradict"),
      (["a.png", "--optimize", "--compression", "9"], "contradict"),
      (["a.png", "--format", "gif"], "gif"),
      (["a.png", "-o", "b.webp"], "webp"),
      (["a.png", "-o", ""], "--output is empty"),
      ([""], "input is empty"),
      (["a.png", "--quiet", "--verbose"], "contradict"),
      (["a.png", "-o", "-", "--report", "-"], "standard output"),
      (["a.png", "-o", "b", "--report", "b"], "two outputs"),
      (["-", "--init", "-"], "standard input"),
      (["a.png", "b.png", "-o", "c.png"], "--ext"),
      (["a.png", "--colour", "3"], "--colour"),
      ([], "input"),
    ]
    for (arguments, word) in cases {
      try expectFailure(bench, arguments, status: 64, word)
    }
  }

  @Test func unreadableInput() throws {
    let bench = try Workbench()
    try FileManager.default.createDirectory(
      at: bench.url("folder.png"), withIntermediateDirectories: false)
    try expectFailure(
      bench, ["none.png"], status: 66, "none.png", "no such file")
    try expectFailure(
      bench, ["folder.png"], status: 66, "folder.png", "quantize batch")
    try expectFailure(
      bench, ["a\u{1b}[31m\nb.png"], status: 66, "a\\u{1b}[31m\\u{a}b.png")
  }

  @Test func damagedInput() throws {
    let bench = try Workbench()
    let png = try PNGEncoder().encode(photo)
    let jpeg = try JPEGEncoder().encode(photo)
    let files: [(String, [UInt8], String)] = [
      ("empty.png", [], "empty"),
      ("text.png", Array("hello, world".utf8), "plain text"),
      ("cut.png", Array(png.prefix(png.count / 2)), "damaged"),
      ("cut.jpg", Array(jpeg.prefix(jpeg.count / 2)), "damaged"),
      ("psd.png", Array("8BPS\u{0}\u{1}".utf8), "Photoshop"),
    ]
    for (name, bytes, word) in files {
      try bench.write(bytes, to: name)
      try expectFailure(bench, [name], status: 65, name, word)
      try expectFailure(
        bench, ["-", "-o", "x.png"], status: 65, "-: ", word, input: bytes)
    }
  }

  @Test func transparency() throws {
    let bench = try Workbench()
    let size = try #require(ImageSize(width: 2, height: 1))
    let clear = Raster(
      size: size, channels: .rgba, samples: [1, 2, 3, 255, 4, 5, 6, 0])
    try bench.write(clear, to: "clear.png")
    // One colour is not enough for what is seen and what is not.
    try expectFailure(
      bench, ["clear.png", "-k", "1"], status: 65, "clear.png", "transparent",
      "--background")
    try expectFailure(
      bench, ["clear.png", "-o", "a.jpg"], status: 65, "a.jpg", "transparent",
      "--background")
    // Alpha that is opaque everywhere is none.
    let opaque = Raster(
      size: size, channels: .rgba, samples: [1, 2, 3, 255, 4, 5, 6, 255])
    try bench.write(opaque, to: "opaque.png")
    #expect(
      try bench.run(["opaque.png", "-k", "1", "-o", "a.jpg"]).status == 0)
  }

  @Test func outputThatCannotBe() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try bench.write([1, 2, 3], to: "taken.png")
    try bench.write([1, 2, 3], to: "taken.json")
    try FileManager.default.createDirectory(
      at: bench.url("folder"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      at: bench.url("link.png"), withDestinationURL: bench.url("a.png"))
    try expectFailure(
      bench, ["a.png", "-o", "taken.png"], status: 73, "taken.png", "--force")
    try expectFailure(
      bench, ["a.png", "-o", "a.png"], status: 73, "a.png", "input itself")
    try expectFailure(
      bench, ["a.png", "-o", "link.png"], status: 73, "input itself")
    try expectFailure(
      bench, ["a.png", "-o", "folder", "--format", "png"], status: 73, "folder")
    try expectFailure(
      bench, ["a.png", "-o", "none/b.png"], status: 73, "none")
    try expectFailure(
      bench, ["a.png", "-o", "a.png/b.png"], status: 73, "not a folder")
    try expectFailure(
      bench, ["a.png", "-o", "b.png", "--report", "taken.json"], status: 73,
      "taken.json")
    #expect(try bench.read("taken.png") == [1, 2, 3])
  }

  @Test func folderThatIsNotWritable() throws {
    // Nothing is unwritable for the superuser but what the kernel keeps.
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    if getuid() == 0 {
      try expectFailure(
        bench, ["a.png", "-o", "/proc/b.png"], status: 73, "/proc")
    } else {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o555], ofItemAtPath: bench.folder.path)
      try expectFailure(bench, ["a.png"], status: 73, "not writable")
    }
  }

  @Test func forceReplacesInOneStep() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try bench.write([1, 2, 3], to: "taken.png")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: bench.url("taken.png").path)
    try FileManager.default.createSymbolicLink(
      at: bench.url("link.png"), withDestinationURL: bench.url("taken.png"))
    #expect(
      try bench.run(["a.png", "-k", "4", "-o", "link.png", "--force"]).status
        == 0)
    #expect(try bench.names() == ["a.png", "link.png", "taken.png"])
    #expect(try ImageDecoder.decode(try bench.read("taken.png")).format == .png)
    let attributes = try FileManager.default.attributesOfItem(
      atPath: bench.url("taken.png").path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    let link = try FileManager.default.attributesOfItem(
      atPath: bench.url("link.png").path)
    #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
    // The input itself, when that is what was asked for.
    let run = try bench.run(["a.png", "-k", "4", "-o", "a.png", "--force"])
    #expect(run.status == 0)
    #expect(try bench.read("a.png") == (try bench.read("taken.png")))
  }

  @Test func failedWrites() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    guard FileManager.default.fileExists(atPath: "/dev/full") else {
      print("skipped: there is no /dev/full on this system")
      return
    }
    try expectFailure(
      bench, ["a.png", "-o", "/dev/full"], status: 74, "/dev/full", "space")
    #expect(try bench.run(["a.png", "-o", "/dev/null"]).status == 0)
  }

  @Test func badInitialMeans() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try expectFailure(
      bench, ["a.png", "--init", "none.json"], status: 66, "none.json")
    let files: [(String, String)] = [
      ("", "not valid JSON"), ("[[1,2,3]", "not valid JSON"),
      ("[]", "no colours"), ("{}", "array"), ("[[1,2]]", "2 numbers"),
      ("[[1,2,3,4,5]]", "5 numbers"), ("[[1,2,3,256]]", "colour 1"),
      ("[{\"rgb\":[1,2,3],\"alpha\":\"x\"}]", "array"),
      ("[[1,2,3],[1,2,256]]", "colour 2"), ("[[1,2,-0.5]]", "0 to 255"),
      ("[1,2,3]", "array"), ("[[1,2,\"x\"]]", "array"),
      ("[[1e999,0,0]]", "JSON"),
    ]
    for (text, word) in files {
      try bench.write(Array(text.utf8), to: "i.json")
      try expectFailure(
        bench, ["a.png", "--init", "i.json"], status: 65, "i.json", word)
    }
    try bench.write(Array("[[1,2,3,200],[1,2,3,0]]".utf8), to: "i.json")
    try expectFailure(
      bench, ["a.png", "--init", "i.json"], status: 65, "a.png", "opaque")
    try bench.write(Array("[[1,2,3],[4,5,6]]".utf8), to: "i.json")
    try expectFailure(
      bench, ["a.png", "--init", "i.json", "-k", "3"], status: 64, "-k 3")
    try expectFailure(
      bench, ["a.png", "--init", "i.json", "-c", "3"], status: 64, "(2)")
  }

  @Test func helpAndVersion() throws {
    let bench = try Workbench()
    let help = try bench.run(["--help"])
    #expect(help.status == 0)
    let text = String(decoding: help.output, as: UTF8.self)
    for option in [
      "--colors", "--cprime", "--output", "--force", "--seed", "--threads",
      "--effort",
      "--k-max", "--criterion", "--target-psnr", "--target-delta-e",
      "--max-iterations", "--tolerance", "--init", "--report",
      "--quality", "--ext", "--speed", "--posterize", "--map", "--nofs",
      "--palette", "--pin", "--palette-out", "--quiet", "--verbose",
      "--version", "Examples:",
    ] {
      #expect(text.contains(option))
    }
    let version = try bench.run(["--version"])
    #expect(version.status == 0)
    #expect(
      String(decoding: version.output, as: UTF8.self).hasPrefix("quantize "))
  }
}
