import CLibrary
import SystemPackage

/// Lists folders.
enum FolderListing {
  /// The names in a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - prefix: How hidden names begin that are wanted; without it they are
  ///     left out, and with it all others.
  /// - Returns: The names, by their bytes.
  /// - Throws: `Errno`.
  static func names(
    in folder: FilePath, beginningWith prefix: String? = nil
  ) throws(Errno) -> [FilePath.Component] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
    var found: [FilePath] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 1) {
          FilePath(platformString: $0)
        }
      }
      let text = name.string.utf8
      let isWanted =
        prefix.map { text.starts(with: $0.utf8) } ?? (text.first != 0x2e)
      if isWanted { found.append(name) }
    }
    return found.map { (key: bytes(of: $0), name: $0) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .compactMap { $0.name.lastComponent }
  }

  private static func bytes(of path: FilePath) -> [UInt8] {
    path.withPlatformString { start in
      UnsafeBufferPointer(start: start, count: strlen(start)).map {
        UInt8(bitPattern: $0)
      }
    }
  }
}
