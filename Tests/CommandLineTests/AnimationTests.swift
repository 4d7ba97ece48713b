import Foundation
import ImageFormats
import Testing
import _TestSupport

/// Animated PNGs: every command says what it leaves out, and none replaces them.
@Suite struct AnimationTests {
  /// An image and five more frames.
  private static var file: [UInt8] {
    var builder = PNGBuilder(
      width: 20, height: 30, bitDepth: 8, colorType: 2
    ) { x, y, channel in x * 9 + y * 3 + channel }
    let control = [UInt8](repeating: 0, count: 26)
    builder.chunks = [
      ("acTL", bigEndian(6) + bigEndian(0)), ("fcTL", control),
    ]
    for frame in 0..<5 {
      builder.lateChunks += [
        ("fcTL", control), ("fdAT", bigEndian(frame) + [1, 2]),
      ]
    }
    return builder.bytes()
  }

  @Test(arguments: [
    "a.png -k 3", "a.png -k 3 --memory 1", "a.png -k 3 --dither riemersma",
    "palette a.png -k 3", "segment a.png -k 3", "compare a.png -k 3",
    "compare b.png a.png", "metrics b.png a.png", "batch a.png -k 3 -o out",
    "b.png --palette a.png", "b.png -k 3 --importance a.png",
  ])
  func everyCommandWarns(call: String) throws {
    let bench = try Workbench()
    try bench.write(Self.file, to: "a.png")
    let small = PNGBuilder(
      width: 20, height: 30, bitDepth: 8, colorType: 2
    ) { x, y, _ in (x + y) & 3 }
    try bench.write(small.bytes(), to: "b.png")
    // At most 256 colours, to be a palette.
    var few = try #require(PNGChunks(Self.file)).all
    let data = PNGChunks(small.bytes())?["IDAT"] ?? []
    for place in few.indices where few[place].name == "IDAT" {
      few[place].payload = data
    }
    if call.contains("--palette") {
      try bench.write(
        PNGBuilder.signature
          + few.flatMap { PNGBuilder.chunk($0.name, $0.payload) }, to: "a.png")
    }
    let arguments = call.split(separator: " ").map(String.init)
    let run = try bench.run(arguments)
    #expect(run.status == 0, "\(run.error)")
    #expect(
      run.error.contains(
        "a.png: warning: the PNG is animated: 5 more frames are left out\n"))
    try? FileManager.default.removeItem(at: bench.url("out"))
    let quiet = try bench.run(arguments + ["-q"])
    #expect(!quiet.error.contains("frames"))
  }

  @Test(arguments: [
    ["-o", "a.png"], ["--ext", ".png"], ["-o", "link.png"], ["-o", "hard.png"],
    ["--ext", ".png", "--memory", "1"],
  ])
  func isNotReplaced(output: [String]) throws {
    let bench = try Workbench()
    try bench.write(Self.file, to: "a.png")
    try FileManager.default.createSymbolicLink(
      at: bench.url("link.png"), withDestinationURL: bench.url("a.png"))
    try FileManager.default.linkItem(
      at: bench.url("a.png"), to: bench.url("hard.png"))
    let run = try bench.run(["a.png", "-k", "3", "--force"] + output)
    #expect(run.status == 65)
    #expect(run.error.contains("5 frames would be lost"), "\(run.error)")
    #expect(try bench.read("a.png") == Self.file)
    #expect(try bench.names() == ["a.png", "hard.png", "link.png"])
    // Another file may be replaced.
    try bench.write(Self.file, to: "c.png")
    let other = try bench.run(["a.png", "-k", "3", "-o", "c.png", "--force"])
    #expect(other.status == 0)
  }
}
