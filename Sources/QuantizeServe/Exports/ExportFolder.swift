import CLibrary

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder that is gone when its work is done. On Linux it is in memory, so that
/// nothing of a picture comes to a disk.
struct ExportFolder: ~Copyable {
  /// Its path.
  let path: String

  private static let prefix = "quantize-serve-"

  /// Where such folders are.
  private static let parent: String = {
    let memory = "/dev/shm"
    return access(memory, W_OK) == 0
      ? memory : FileManager.default.temporaryDirectory.path
  }()

  /// Makes one that nobody else may look into.
  ///
  /// - Throws: `CocoaError` or `POSIXError` where that fails.
  init() throws {
    var template = Array(
      "\(Self.parent)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    path = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) },
      as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Removes folders of servers that were killed.
  static func removeStale() {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let number = name.dropFirst(prefix.count).prefix { $0 != "-" }
      // This process has made none yet, whoever had its number before.
      guard let process = pid_t(number),
        process == getpid() || kill(process, 0) != 0 && errno == ESRCH
      else { continue }
      let path = "\(parent)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_uid == getuid() else {
        continue
      }
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
