import Foundation
import QuantizeKit
import SystemPackage
import Testing

/// All outputs of a job get their names, or none does.
@Suite struct OutputSetTests {
  private final class Bench {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appendingPathComponent(
        "quantize-outputs-\(UUID().uuidString)")
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func location(_ name: String) -> FileLocation {
      .file(FilePath(url.appendingPathComponent(name).path))
    }

    func write(_ text: String, to name: String) throws {
      try text.write(
        to: url.appendingPathComponent(name), atomically: false,
        encoding: .utf8)
    }

    func makeFolder(_ name: String) throws {
      try FileManager.default.createDirectory(
        at: url.appendingPathComponent(name),
        withIntermediateDirectories: false)
    }

    /// What every file of the folder holds, hidden ones too.
    func contents() throws -> [String: String] {
      var contents: [String: String] = [:]
      let names = try FileManager.default.subpathsOfDirectory(
        atPath: url.path)
      for name in names {
        contents[name] = try? String(
          contentsOf: url.appendingPathComponent(name), encoding: .utf8)
      }
      return contents
    }

    /// An output set of three files and a folder.
    func outputs(replaces: Bool) throws -> OutputSet {
      try OutputSet(
        [
          PlannedOutput(.responsibilities(0), location("masks"), .folder),
          PlannedOutput(.image, location("a.png")),
          PlannedOutput(.report, location("b.json")),
          PlannedOutput(.palette, location("c.json")),
        ].compactMap(\.self), reading: ReadFiles(image: location("input.png")),
        replaces: replaces)
    }
  }

  private func stage(_ outputs: OutputSet) throws(QuantizeError) {
    try outputs.stage(.responsibilities(0)) { folder throws(QuantizeError) in
      let file = folder.appending("mask.png").string
      try? "mask".write(toFile: file, atomically: false, encoding: .utf8)
    }
    try outputs.stage(.image, Array("new a".utf8))
    try outputs.stage(.report, Array("new b".utf8))
    try outputs.stage(.palette, Array("new c".utf8))
  }

  @Test func allGetTheirNames() throws {
    let bench = try Bench()
    try bench.write("old a", to: "a.png")
    let outputs = try bench.outputs(replaces: true)
    try outputs.committing { outputs throws(QuantizeError) in
      try stage(outputs)
    }
    #expect(
      try bench.contents() == [
        "a.png": "new a", "b.json": "new b", "c.json": "new c",
        "masks/mask.png": "mask",
      ])
  }

  @Test(arguments: [true, false])
  func whereTheLastCannotBeNamedNothingChanges(hasOld: Bool) throws {
    let bench = try Bench()
    if hasOld {
      try bench.write("old a", to: "a.png")
      try bench.write("old b", to: "b.json")
    }
    let before = try bench.contents()
    let outputs = try bench.outputs(replaces: true)
    #expect(throws: QuantizeError.self) {
      try outputs.committing { outputs throws(QuantizeError) in
        try stage(outputs)
        // Something else takes the last name in the meantime.
        try? bench.makeFolder("c.json")
      }
    }
    #expect(try bench.contents() == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.url.path)
        .sorted() == before.keys.sorted() + ["c.json"])
  }

  @Test func aFileThatCameLateIsNotReplaced() throws {
    let bench = try Bench()
    let outputs = try bench.outputs(replaces: false)
    #expect(throws: QuantizeError.self) {
      try outputs.committing { outputs throws(QuantizeError) in
        try stage(outputs)
        try? bench.write("late", to: "c.json")
      }
    }
    #expect(try bench.contents() == ["c.json": "late"])
  }

  @Test func whereTheJobFailsNothingIsLeft() throws {
    let bench = try Bench()
    let outputs = try bench.outputs(replaces: true)
    #expect(throws: QuantizeError.usage("no")) {
      try outputs.committing { outputs throws(QuantizeError) in
        try stage(outputs)
        throw QuantizeError.usage("no")
      }
    }
    #expect(try bench.contents() == [:])
  }

  @Test func twoOutputsToOnePlaceAreRefused() throws {
    let bench = try Bench()
    let planned = [
      PlannedOutput(.image, bench.location("a.png")),
      PlannedOutput(.report, bench.location("a.png")),
    ].compactMap(\.self)
    #expect(throws: QuantizeError.self) {
      try PlannedOutput.checkDistinct(planned)
    }
  }
}
