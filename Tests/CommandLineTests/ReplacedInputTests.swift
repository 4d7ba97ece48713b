import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// With `--force` an input is replaced by its own image, and by nothing else.
@Suite struct ReplacedInputTests {
  private static let photo = TestRasters.noisyGradient(width: 40, height: 30)

  /// A folder with images, a palette, means, a list, and other names of the
  /// image.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    try bench.write(
      TestRasters.noisyGradient(width: 40, height: 30), to: "map.png")
    try bench.write(Array("ff0000\n00ff00\n0000ff\n".utf8), to: "p.hex")
    try bench.write(Array("[[1,2,3],[200,90,9]]".utf8), to: "i.json")
    try bench.write(Array("a.png\n".utf8), to: "list.csv")
    let manager = FileManager.default
    for ending in ["json", "csv", "svg", "hex", "npz"] {
      try manager.createSymbolicLink(
        at: bench.url("soft.\(ending)"),
        withDestinationURL: bench.url("a.png"))
      try manager.linkItem(
        at: bench.url("a.png"), to: bench.url("hard.\(ending)"))
    }
    try manager.createDirectory(
      at: bench.url("rep"), withIntermediateDirectories: false)
    try manager.copyItem(
      at: bench.url("a.png"), to: bench.url("rep/contact-sheet.png"))
    return bench
  }

  private func contents(_ bench: Workbench) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(
      atPath: bench.folder.path)
    {
      contents[name] = try? Data(contentsOf: bench.url(name))
    }
    return contents
  }

  @Test(arguments: [
    "a.png -k 3 -o n.png --report soft.json",
    "a.png -k 3 -o n.png --report hard.json",
    "./a.png -k 3 -o n.png --report ././soft.json",
    "a.png -k 3 -o n.png --palette-out hard.hex",
    "a.png -k 3 -o n.png --palette-out a.png",
    "a.png -k 3 -c 2 -o n.png --uncertainty a.png",
    "a.png -k 3 -c 2 -o n.png --soft-output rep/../a.png",
    "a.png -k 3 -c 2 -o n.png --responsibilities hard.npz",
    "a.png --palette p.hex --palette-out p.hex -o n.png",
    "a.png --init i.json --palette-out i.json -o n.png",
    "a.png --init i.json --report ./i.json -o n.png",
    "a.png -k 3 --importance map.png -o map.png",
    "a.png -k 3 --importance map.png --palette-out map.png -o n.png",
    "palette a.png -k 3 -o a.png", "palette a.png -k 3 -o soft.hex",
    "palette a.png --palette p.hex -o p.hex",
    "segment a.png -k 3 -o a.png",
    "segment a.png -k 3 -o n.png --overlay a.png",
    "segment a.png -k 3 -o n.png --regions soft.csv",
    "segment a.png -k 3 -o n.png --outlines hard.svg",
    "segment a.png -k 3 -c 2 -o n.png --uncertainty a.png",
    "compare rep/contact-sheet.png -k 2 -o rep",
    "compare a.png rep/contact-sheet.png -o rep",
    "compare rep/contact-sheet.png a.png -o ./rep/",
    "compare a.png --reference rep/contact-sheet.png -o rep",
    "batch a.png -k 2 -o out --report soft.csv",
    "batch a.png -k 2 -o out --report hard.csv",
    "batch --files-from list.csv -k 2 -o out --report list.csv",
    "batch a.png -k 2 -o out --shared-palette --palette-out hard.hex",
    "batch a.png --init i.json -o out --shared-palette --palette-out i.json",
    "batch map.png a.png --importance map.png -k 2 -o out --report soft.csv",
  ])
  func isRefused(call: String) throws {
    let bench = try bench()
    let before = try contents(bench)
    let run = try bench.run(
      call.split(separator: " ").map(String.init) + ["--force"])
    #expect(run.status == 73, "\(run.error)")
    #expect(run.error.contains("would replace this file"), "\(run.error)")
    let after = try contents(bench)
    for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
    #expect(after["n.png"] == nil)
  }

  /// Without `--force` it is said that it would not help.
  @Test func withoutForce() throws {
    let bench = try bench()
    let run = try bench.run(
      ["a.png", "-k", "3", "-o", "n.png", "--report", "soft.json"])
    #expect(run.status == 73)
    #expect(run.error.contains("not even --force"))
  }

  /// The outputs of a batch are images, but of other inputs.
  @Test func imagesOfOtherInputs() throws {
    let bench = try bench()
    let before = try bench.read("rep/contact-sheet.png")
    try FileManager.default.createDirectory(
      at: bench.url("out"), withIntermediateDirectories: false)
    for name in ["a.png", "map.png"] {
      try FileManager.default.linkItem(
        at: bench.url("rep/contact-sheet.png"),
        to: bench.url("out/\(name)"))
    }
    let run = try bench.run(
      ["batch", "a.png", "rep/contact-sheet.png", "-k", "2", "-o", "out", "-f"])
    #expect(run.status == 65)
    #expect(run.errorLines.count == 2, "\(run.error)")
    #expect(run.error.contains("a.png"))
    // That of the palette is not replaced either.
    let palette = try bench.run(
      ["batch", "map.png", "--map", "out/map.png", "-o", "out", "-f"])
    #expect(palette.status == 65)
    #expect(try bench.read("out/map.png") == before)
  }

  @Test func standardStreams() throws {
    let bench = try bench()
    let before = try bench.read("a.png")
    for line in [
      "\"$Q\" - -k 3 -o n.png --report soft.json -f < a.png",
      "\"$Q\" a.png -k 3 -o - >> a.png",
      "\"$Q\" palette a.png -k 3 >> a.png",
      "\"$Q\" palette - -k 3 < a.png 1<> a.png",
    ] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", line]
      process.currentDirectoryURL = bench.folder
      process.environment = ["Q": Workbench.command.path]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 73, "\(line)")
      #expect(try bench.read("a.png") == before)
    }
  }

  @Test(arguments: [
    ["-o", "a.png"], ["--ext", ".png"],
    ["-o", "./a.png", "--importance", "a.png"],
  ])
  func ownImage(output: [String]) throws {
    let bench = try bench()
    let before = try bench.read("a.png")
    let run = try bench.run(["a.png", "-k", "3", "--force"] + output)
    #expect(run.status == 0, "\(run.error)")
    #expect(try bench.read("a.png") != before)
  }
}
