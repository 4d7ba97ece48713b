import CLibrary
import ParallelWork
import SystemPackage

/// The temporary files, and folders of files, that exist now, so that a signal can
/// remove them.
public final class TemporaryFiles: Sendable {
  /// Those of this process.
  public static let shared = TemporaryFiles()

  private let paths = Monitor<Set<FilePath>>([])

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

  /// Creates a folder.
  ///
  /// - Throws: `Errno`.
  func createFolder(_ path: FilePath) throws {
    try paths.withLock { paths in
      guard path.withPlatformString({ mkdir($0, 0o777) }) == 0 else {
        throw Errno(rawValue: errno)
      }
      paths.insert(path)
    }
  }

  /// Removes one; does nothing when it has been renamed already.
  func remove(_ path: FilePath) {
    paths.withLock { paths in
      Self.delete(path)
      paths.remove(path)
    }
  }

  /// Forgets one that has another name now.
  func forget(_ path: FilePath) {
    paths.withLock { _ = $0.remove(path) }
  }

  /// Removes all of them and ends the process; other threads make no more.
  ///
  /// - Parameter end: Ends the process.
  public func removeAll(andThen end: () -> Never) -> Never {
    paths.withLock { paths in
      for path in paths { Self.delete(path) }
      end()
    }
  }

  /// Removes all of them, unless a thread is about to make or remove one, which
  /// may be the one that calls.
  public func removeUnlessBusy() {
    _ = paths.withLockIfAvailable { paths in
      for path in paths { Self.delete(path) }
    }
  }

  /// How often a folder is emptied that somebody still writes to.
  private static let mostTries = 1_000

  /// Deletes a file, or a folder that holds nothing but files.
  private static func delete(_ path: FilePath) {
    path.withPlatformString { name in
      guard unlink(name) != 0 else { return }
      // Other threads may make files in it until it is gone.
      for _ in 0..<mostTries {
        empty(path)
        if rmdir(name) == 0 { return }
        guard [ENOTEMPTY, EEXIST].contains(errno) else { return }
      }
    }
  }

  /// Deletes the files of a folder.
  private static func empty(_ path: FilePath) {
    guard let folder = path.withPlatformString({ opendir($0) }) else { return }
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
  }
}
