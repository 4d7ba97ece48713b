import CLibrary
import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// What belongs to a file that is replaced stays with its name.
@Suite struct FileAttributesTests {
  private static let photo = TestRasters.noisyGradient(width: 40, height: 30)

  private static let canChangeOwner = getuid() == 0

  private func attributes(
    _ bench: Workbench, _ name: String
  ) throws -> (owner: UInt32, group: UInt32, mode: UInt32) {
    var status = stat()
    try #require(stat(bench.url(name).path, &status) == 0)
    return (status.st_uid, status.st_gid, UInt32(status.st_mode & 0o7777))
  }

  /// In place, over another file, and by a batch.
  private static let calls = [
    ["a.png", "-k", "3", "--ext", ".png", "--force"],
    ["b.png", "-k", "3", "-o", "a.png", "--force"],
    ["batch", "in/a.png", "-k", "3", "-o", ".", "--force"],
    ["b.png", "-k", "3", "-o", "c.png", "--palette-out", "a.png", "--force"],
    ["palette", "b.png", "-k", "3", "-o", "a.png", "--force"],
    ["segment", "b.png", "-k", "3", "-o", "a.png", "--force"],
  ]

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for name in ["a.png", "b.png"] { try bench.write(Self.photo, to: name) }
    try FileManager.default.createDirectory(
      at: bench.url("in"), withIntermediateDirectories: false)
    try bench.write(Self.photo, to: "in/a.png")
    return bench
  }

  @Test(arguments: calls)
  func modeStays(call: [String]) throws {
    let bench = try bench()
    try #require(chmod(bench.url("a.png").path, 0o604) == 0)
    let run = try bench.run(call)
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.isEmpty || call[0] == "batch", "\(run.error)")
    #expect(try attributes(bench, "a.png").mode == 0o604)
  }

  @Test(.enabled(if: canChangeOwner), arguments: calls)
  func ownerStays(call: [String]) throws {
    let bench = try bench()
    try #require(chown(bench.url("a.png").path, 33, 44) == 0)
    try #require(chmod(bench.url("a.png").path, 0o640) == 0)
    let run = try bench.run(call)
    #expect(run.status == 0, "\(run.error)")
    let found = try attributes(bench, "a.png")
    #expect(found.owner == 33 && found.group == 44 && found.mode == 0o640)
  }

  @Test(.enabled(if: canChangeOwner)) func ownersOfReportsStay() throws {
    let bench = try bench()
    let calls = [
      ["compare", "b.png", "-k", "3", "-o", "rep", "--force"],
      [
        "batch", "b.png", "-k", "3", "-o", "out", "--report", "out/r.csv",
        "--shared-palette", "--force",
      ],
    ]
    let names = [
      "rep", "rep/index.html", "rep/report.json", "out/r.csv",
      "out/palette.json",
    ]
    for call in calls { _ = try bench.run(call) }
    for name in names {
      try #require(chown(bench.url(name).path, 33, 44) == 0)
      try #require(
        chmod(bench.url(name).path, name == "rep" ? 0o751 : 0o640) == 0)
    }
    // Another palette than there is.
    try bench.write(TestRasters.noisyGradient(width: 9, height: 9), to: "b.png")
    for call in calls {
      let run = try bench.run(call)
      #expect(run.status == 0, "\(run.error)")
    }
    for name in names {
      let found = try attributes(bench, name)
      #expect(found.owner == 33 && found.group == 44, "\(name)")
      #expect(found.mode == (name == "rep" ? 0o751 : 0o640))
    }
  }

  /// Set by a program of its own, where there is one and the file system has
  /// attributes.
  @Test(arguments: calls)
  func extendedAttributesStay(call: [String]) throws {
    let bench = try bench()
    func python(_ code: String) throws -> String? {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3", "-c", "import os; \(code)"]
      process.currentDirectoryURL = bench.folder
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      let text = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return process.terminationStatus == 0
        ? String(decoding: text, as: UTF8.self) : nil
    }
    guard
      try python(
        "[os.setxattr('a.png', 'user.' + k, v) for k, v in "
          + "[('note', b'hello'), ('empty', b''), ('long', b'x' * 900)]]")
        != nil
    else { return }
    let list =
      "print(sorted((k, os.getxattr('a.png', k)) "
      + "for k in os.listxattr('a.png')))"
    let before = try python(list)
    #expect(before?.contains("hello") == true)
    let run = try bench.run(call)
    #expect(run.status == 0, "\(run.error)")
    #expect(try python(list) == before)
  }

  /// Somebody who may not give files away is told, and the file is theirs.
  @Test(.enabled(if: canChangeOwner))
  func saysWhatIsLost() throws {
    let bench = try bench()
    try #require(chown(bench.url("a.png").path, 33, 44) == 0)
    try #require(chmod(bench.url("a.png").path, 0o644) == 0)
    try #require(chmod(bench.folder.path, 0o777) == 0)
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups",
      Workbench.command.path, "a.png", "-k", "3", "--ext", ".png", "-f",
    ]
    process.currentDirectoryURL = bench.folder
    process.standardError = errors
    try process.run()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(),
      as: UTF8.self)
    process.waitUntilExit()
    // No such program, or a folder above that is closed to others.
    guard process.terminationStatus == 0 else { return }
    #expect(
      text.contains(
        "a.png: warning: the system does not let the new file keep the old "
          + "one's owner and group"), "\(text)")
    #expect(try attributes(bench, "a.png").owner == 12345)
    #expect(try attributes(bench, "a.png").mode == 0o644)
  }
}
