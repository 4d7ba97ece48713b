import CLibrary
import SystemPackage

/// What the system says of a file's content.
struct FileState: Codable, Hashable, Sendable {
  /// Its size.
  let bytes: Int

  /// When it was last written, in nanoseconds since 1970.
  let modified: Int

  init(_ status: Stat) {
    bytes = Int(status.size)
    let time = status.st_mtim
    modified = Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }

  /// Of a file, or what a symbolic link leads to; `nil` of all that is no file.
  init?(_ path: FilePath) {
    guard let status = try? path.stat(), status.type == .regular else {
      return nil
    }
    self.init(status)
  }
}
