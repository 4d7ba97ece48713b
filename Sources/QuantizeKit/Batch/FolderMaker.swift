import CLibrary
import SystemPackage

/// Makes folders.
enum FolderMaker {
  /// Makes a folder, and those that it stands in.
  ///
  /// - Parameter folder: The folder; nothing is done where it is there.
  /// - Throws: `QuantizeError.cannotCreate`.
  static func make(_ folder: FilePath) throws(QuantizeError) {
    if let status = try? folder.stat() {
      guard status.type == .directory else {
        throw .cannotCreate(
          folder, reason: "there is a file of this name; name another folder")
      }
      return
    }
    let outer = folder.folder
    if outer != folder { try make(outer) }
    guard folder.withPlatformString({ mkdir($0, 0o777) }) != 0 else { return }
    let error = Errno(rawValue: errno)
    // Another thread may have been faster.
    guard error == .fileExists, (try? folder.stat())?.type == .directory else {
      throw .cannotCreate(folder, reason: error.description)
    }
  }
}
