import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Runs the built command as a process of its own, in a folder of its own.
struct CommandRun {
  let status: Int32
  let output: Data
  let error: String

  /// The lines on standard error.
  var errorLines: [Substring] { error.split(separator: "\n") }
}

/// A temporary folder with the command beside it; removed at the end.
final class Workbench {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "quantize-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
  }

  deinit {
    // A test may have made the folder read-only.
    try? FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path)
    try? FileManager.default.removeItem(at: folder)
  }

  /// The command stands beside the bundle of tests.
  static let command: URL = {
    let products =
      Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?
      .bundleURL.deletingLastPathComponent()
      ?? URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent()
    return products.appendingPathComponent("quantize")
  }()

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url(name))
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(name)))
  }

  /// Writes an image as PNG.
  func write(_ raster: Raster, to name: String) throws {
    try write(try PNGEncoder().encode(raster), to: name)
  }

  /// The names in the folder, hidden ones included.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// Runs the command in the folder.
  func run(
    _ arguments: [String], input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> CommandRun {
    let process = Process()
    process.executableURL = Self.command
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      environment
    ) { $1 }
    // Files, not pipes: nothing can fill up and block.
    let place = FileManager.default.temporaryDirectory
    let names = (0..<3).map { _ in
      place.appendingPathComponent("quantize-stream-\(UUID().uuidString)")
    }
    defer {
      for name in names { try? FileManager.default.removeItem(at: name) }
    }
    try Data(input).write(to: names[0])
    try Data().write(to: names[1])
    try Data().write(to: names[2])
    process.standardInput = try FileHandle(forReadingFrom: names[0])
    process.standardOutput = try FileHandle(forWritingTo: names[1])
    process.standardError = try FileHandle(forWritingTo: names[2])
    try process.run()
    process.waitUntilExit()
    return CommandRun(
      status: process.terminationStatus,
      output: try Data(contentsOf: names[1]),
      error: String(decoding: try Data(contentsOf: names[2]), as: UTF8.self))
  }
}
