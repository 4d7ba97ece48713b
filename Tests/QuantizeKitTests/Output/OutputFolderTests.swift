import Foundation
import QuantizeKit
import SystemPackage
import Testing

/// Folders are written whole or not at all.
@Suite struct OutputFolderTests {
  private final class Bench {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appendingPathComponent(
        "quantize-folder-\(UUID().uuidString)")
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> FilePath {
      FilePath(url.appendingPathComponent(name).path)
    }

    func names(_ name: String = "") throws -> [String] {
      try FileManager.default.contentsOfDirectory(
        atPath: url.appendingPathComponent(name).path
      ).sorted()
    }

    func text(_ name: String) throws -> String {
      try String(
        contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }
  }

  private let names: Set<String> = ["a.txt", "b.txt"]

  private func files(_ text: String) -> [(name: String, bytes: [UInt8])] {
    [("a.txt", Array(text.utf8)), ("b.txt", Array("b".utf8))]
  }

  @Test func aNewFolderHasAllFilesAndNothingElse() throws {
    let bench = try Bench()
    let folder = try OutputFolder(
      bench.path("out"), names: names, replaces: false)
    #expect(try bench.names() == [])
    try folder.write(files("one"))
    #expect(try bench.names() == ["out"])
    #expect(try bench.names("out") == ["a.txt", "b.txt"])
    #expect(try bench.text("out/a.txt") == "one")
  }

  @Test func anEmptyFolderIsTaken() throws {
    let bench = try Bench()
    try FileManager.default.createDirectory(
      at: bench.url.appendingPathComponent("out"),
      withIntermediateDirectories: false)
    try OutputFolder(bench.path("out"), names: names, replaces: false)
      .write(files("one"))
    #expect(try bench.names("out") == ["a.txt", "b.txt"])
  }

  @Test func anOldFolderIsReplacedOnlyWhenAsked() throws {
    let bench = try Bench()
    let path = bench.path("out")
    try OutputFolder(path, names: names, replaces: false).write(files("one"))
    #expect(throws: QuantizeError.folderExists(path)) {
      try OutputFolder(path, names: names, replaces: false)
    }
    try OutputFolder(path, names: names, replaces: true)
      .write([("a.txt", Array("two".utf8))])
    #expect(try bench.names() == ["out"])
    // The old one is gone as a whole.
    #expect(try bench.names("out") == ["a.txt"])
    #expect(try bench.text("out/a.txt") == "two")
  }

  @Test(arguments: ["notes.txt", ".hidden"])
  func aFolderOfOtherFilesIsNeverReplaced(other: String) throws {
    let bench = try Bench()
    let path = bench.path("out")
    try OutputFolder(path, names: names, replaces: false).write(files("one"))
    let folder = try OutputFolder(path, names: names, replaces: true)
    try Data("mine".utf8).write(
      to: bench.url.appendingPathComponent("out/\(other)"))
    #expect(throws: QuantizeError.folderOfOthers(path, other: other)) {
      try OutputFolder(path, names: names, replaces: true)
    }
    // Nor where the file came later.
    #expect(throws: QuantizeError.folderOfOthers(path, other: other)) {
      try folder.write(files("two"))
    }
    #expect(try bench.names() == ["out"])
    #expect(try bench.text("out/\(other)") == "mine")
    #expect(try bench.text("out/a.txt") == "one")
  }

  @Test func aFolderThatCameLaterIsKept() throws {
    let bench = try Bench()
    let path = bench.path("out")
    let late = try OutputFolder(path, names: names, replaces: false)
    try OutputFolder(path, names: names, replaces: false).write(files("one"))
    #expect(throws: QuantizeError.folderExists(path)) {
      try late.write(files("two"))
    }
    #expect(try bench.names() == ["out"])
    #expect(try bench.text("out/a.txt") == "one")
  }

  @Test func linksStay() throws {
    let bench = try Bench()
    try OutputFolder(bench.path("real"), names: names, replaces: false)
      .write(files("one"))
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("link").string,
      withDestinationPath: bench.path("real").string)
    try OutputFolder(bench.path("link"), names: names, replaces: true)
      .write(files("two"))
    #expect(try bench.names() == ["link", "real"])
    #expect(try bench.text("real/a.txt") == "two")
    #expect(try bench.text("link/a.txt") == "two")
  }

  @Test func whatCannotBeCreatedIsSaid() throws {
    let bench = try Bench()
    try Data().write(to: bench.url.appendingPathComponent("file"))
    for (name, text) in [
      ("missing/out", "does not exist"), ("file", "a file of this name"),
      ("file/out", "is not a folder"),
    ] {
      let error = #expect(throws: QuantizeError.self) {
        try OutputFolder(bench.path(name), names: names, replaces: true)
      }
      #expect(error?.message.contains(text) == true, "\(name)")
      #expect(error?.exitStatus == .cannotCreate)
    }
    #expect(throws: QuantizeError.self) {
      try OutputFolder("/", names: names, replaces: true)
    }
  }
}
