import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The temporary files that exist now, so that a signal can remove them.
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
      path.withPlatformString { _ = unlink($0) }
      paths.remove(path)
    }
  }

  /// Removes all of them.
  public func removeAll() {
    paths.withLock { paths in
      for path in paths { path.withPlatformString { _ = unlink($0) } }
      paths = []
    }
  }
}
