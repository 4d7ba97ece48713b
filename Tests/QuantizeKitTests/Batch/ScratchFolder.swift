import Foundation
import ImageFormats
import Rasters
import SystemPackage
import _TestSupport

/// A temporary folder; removed at the end.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "quantize-tests-\(UUID().uuidString)"
    ).resolvingSymlinksInPath()
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func url(_ name: String) -> URL { url.appendingPathComponent(name) }

  func path(_ name: String) -> FilePath { FilePath(url(name).path) }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      at: url(name), withIntermediateDirectories: true)
  }

  /// Writes a file, and the folders that it stands in.
  func write(_ bytes: [UInt8], to name: String) throws {
    let place = url(name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
  }

  /// Writes a small image; different shades are different images.
  func writeImage(_ name: String, shade: UInt32 = 0) throws {
    try write(try Self.image(shade: shade), to: name)
  }

  /// A small image as PNG.
  static func image(shade: UInt32 = 0) throws -> [UInt8] {
    try PNGEncoder().encode(
      TestRasters.make(width: 12, height: 9) { x, y in
        UInt32(x * 20) << 16 | UInt32(y * 25) << 8 | shade
      })
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: url(name).path, withDestinationPath: target)
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(name)))
  }

  /// The files below a folder that are not hidden, by name.
  func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: url(folder).path)
      .filter { name in
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(
          atPath: url("\(folder)/\(name)").path, isDirectory: &isFolder)
        return !isFolder.boolValue
          && !name.split(separator: "/").contains {
            $0.hasPrefix(".")
          }
      }.sorted()
  }
}
