import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The temporary files and folders that exist now, so that a signal can remove them.
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
      // What is in a folder goes before it.
      for path in paths.sorted(by: { $0.length > $1.length }) {
        Self.delete(path)
      }
      paths = []
    }
  }

  /// Deletes a file, or a folder that is empty.
  private static func delete(_ path: FilePath) {
    path.withPlatformString { path in
      if unlink(path) != 0 { _ = rmdir(path) }
    }
  }
}
