import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The temporary files, and folders of files, that exist now, so that a signal can remove them.
public final class TemporaryFiles: Sendable {
  /// Those of this process.
  public static let shared = TemporaryFiles()

  private let paths = Mutex<Set<FilePath>>([])

  func add(_ path: FilePath) {
    paths.withLock { _ = $0.insert(path) }
  }

  /// Removes one; does nothing when it has been renamed already.
  func remove(_ path: FilePath) {
    paths.withLock { paths in
      Self.delete(path)
      paths.remove(path)
    }
  }

  /// Removes all of them.
  public func removeAll() {
    paths.withLock { paths in
      for path in paths { Self.delete(path) }
      paths = []
    }
  }

  /// Forgets one that has another name now.
  func forget(_ path: FilePath) {
    paths.withLock { _ = $0.remove(path) }
  }

  /// Deletes a file, or a folder that holds nothing but files.
  private static func delete(_ path: FilePath) {
    path.withPlatformString { name in
      guard unlink(name) != 0, let folder = opendir(name) else { return }
      while let entry = readdir(folder) {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          guard
            let name = FilePath.Component(
              String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)),
            name.kind == .regular
          else { return }
          path.appending(name).withPlatformString { _ = unlink($0) }
        }
      }
      closedir(folder)
      rmdir(name)
    }
  }
}
