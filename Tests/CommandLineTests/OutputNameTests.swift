import Foundation
import Testing
import _TestSupport

/// Names of outputs that say something else than what would be written.
@Suite struct OutputNameTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 20, height: 15), to: "a.png")
    return bench
  }

  private func expect(
    _ arguments: [String], status: Int32, _ words: String...
  ) throws {
    let bench = try bench()
    let run = try bench.run(arguments)
    #expect(run.status == status, "\(arguments): \(run.error)")
    #expect(run.errorLines.count == 1, "\(run.error)")
    for word in words {
      #expect(run.error.contains(word), "\(arguments): \(run.error)")
    }
    #expect(try bench.names() == ["a.png"])
  }

  /// All of these were written as JSON, or as PNG, under such a name.
  @Test(arguments: [
    (["--palette-out", "p.aco"], ["p.aco", ".gpl", ".json"]),
    (["--palette-out", "p.less"], ["p.less", ".scss"]),
    (["--report", "r.csv"], ["r.csv", ".json"]),
  ])
  func endingsOfTheMainJob(options: [String], words: [String]) throws {
    for word in words {
      try expect(
        ["a.png", "-k", "2", "-o", "b.png"] + options, status: 64, options[0],
        word)
    }
  }

  @Test(arguments: [
    (["--regions", "r.txt"], ".csv or .json"),
    (["--outlines", "o.png"], ".svg"), (["--overlay", "o.jpg"], ".png"),
    (["-o", "labels.jpg"], ".png"),
  ])
  func endingsOfSegments(options: [String], words: String) throws {
    try expect(
      ["segment", "a.png", "-k", "2"] + options, status: 64, words, options[1])
  }

  @Test func endingsOfASharedPalette() throws {
    try expect(
      ["batch", "a.png", "-o", "out", "--shared-palette"]
        + ["--palette-out", "p.aco"], status: 64, "p.aco", ".gpl")
  }

  @Test func namesWithoutAnEndingAreJSON() throws {
    let bench = try bench()
    let run = try bench.run([
      "a.png", "-k", "2", "--palette-out", "p", "--report", "r",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(try bench.read("p").first == UInt8(ascii: "["))
    #expect(try bench.read("r").first == UInt8(ascii: "{"))
  }

  /// They were files of the folder's name.
  @Test(arguments: [
    ["a.png", "-o", "out/"], ["a.png", "-o", "b.png", "--report", "out/"],
    ["a.png", "-o", "b.png", "--palette-out", "out/"],
    ["a.png", "-o", "b.png", "--soft-output", "out/"],
    ["palette", "a.png", "-o", "out/"],
    ["segment", "a.png", "-k", "2", "-o", "out/"],
  ])
  func aFolderThatIsNotThere(arguments: [String]) throws {
    try expect(arguments, status: 73, "out: ", "there is no such folder")
  }

  @Test func aFolderThatIsThere() throws {
    let bench = try bench()
    try FileManager.default.createDirectory(
      at: bench.url("out"), withIntermediateDirectories: false)
    let run = try bench.run(["a.png", "-k", "2", "-o", "out/"])
    #expect(run.status == 73)
    #expect(run.error.contains("out: "))
    #expect(run.error.contains("this is a folder; name a file in it"))
  }

  /// It was a folder of that name.
  @Test func thePageOfAComparisonIsInAFolder() throws {
    for name in ["report.html", "table.csv"] {
      try expect(
        ["compare", "a.png", "-k", "2", "-c", "1", "-o", name], status: 64,
        "-o names a folder", name, "index.html")
    }
    let bench = try bench()
    let run = try bench.run([
      "compare", "a.png", "-k", "2", "-c", "1", "-o", "report.html/",
    ])
    #expect(run.status == 0, "\(run.error)")
    #expect(try bench.names() == ["a.png", "report.html"])
  }

  @Test(arguments: [
    "https://example.org/x.hex", "http://example.org/a//b.png",
    "file:///tmp/a.png",
  ])
  func addressesAreShownAsTyped(address: String) throws {
    let shown =
      address.hasSuffix("x.hex")
      ? address
      : String(
        address.prefix { $0 != "/" }) + "//"
    try expect(
      ["a.png", "-o", "b.png", "--palette", address], status: 66, shown)
    try expect([address], status: 66, shown)
  }

  /// Two spellings of one name were two outputs, of which one was lost.
  @Test(arguments: ["./././u.png", "sub/../u.png", "link/u.png"])
  func spellingsOfOneName(name: String) throws {
    let bench = try bench()
    try FileManager.default.createDirectory(
      at: bench.url("sub"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: bench.url("link").path, withDestinationPath: ".")
    let before = try bench.names()
    for force in [[], ["--force"]] {
      let run = try bench.run(
        ["a.png", "-k", "2", "-o", "b.png", "--uncertainty", "u.png"]
          + ["--soft-output", name] + force)
      #expect(run.status == 64, "\(run.error)")
      #expect(run.error.contains("two outputs would go to"))
      #expect(try bench.names() == before)
    }
  }
}
