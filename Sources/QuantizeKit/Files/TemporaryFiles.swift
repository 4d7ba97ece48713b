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

  /// Creates one.
  ///
  /// - Returns: The file, open for writing.
  /// - Throws: `Errno`.
  func create(_ path: FilePath) throws -> FileDescriptor {
    // Under the lock, so that none comes into being unknown.
    try paths.withLock { paths in
      let descriptor = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
      paths.insert(path)
      return descriptor
    }
  }

  /// Removes one; does nothing when it has been renamed already.
  func remove(_ path: FilePath) {
    paths.withLock { paths in
      path.withPlatformString { _ = unlink($0) }
      paths.remove(path)
    }
  }

  /// Removes all of them and ends the process; other threads make no more.
  ///
  /// - Parameter end: Ends the process.
  public func removeAll(andThen end: () -> Never) -> Never {
    paths.withLock { paths in
      for path in paths { path.withPlatformString { _ = unlink($0) } }
      end()
    }
  }
}
