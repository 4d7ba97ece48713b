import CLibrary
import ParallelWork
import SystemPackage

/// The temporary files, and folders of files, that exist now, so that a signal can
/// remove them.
public final class TemporaryFiles: Sendable {
  /// Those of this process.
  public static let shared = TemporaryFiles()

  /// How the names of temporary files begin, unless another prefix is given.
  package static let prefix = ".quantize-"

  private let paths = Monitor<Set<FilePath>>([])

  /// Creates something under a temporary name in the folder of its final name.
  ///
  /// - Parameters:
  ///   - target: The final name.
  ///   - prefix: How the temporary name begins.
  ///   - create: Creates it; throws `Errno.fileExists` where the name is taken.
  /// - Returns: The temporary name, and what `create` returns.
  /// - Throws: `QuantizeError.cannotCreate`.
  func create<Result>(
    for target: FilePath, prefix: String = TemporaryFiles.prefix,
    _ create: (FilePath) throws -> Result
  ) throws(QuantizeError) -> (FilePath, Result) {
    // Names are drawn until one is free; the bound only ends a loop that a
    // broken file system could make endless.
    var last = Errno.fileExists
    for _ in 0..<100 {
      let name = prefix + String(UInt64.random(in: 0 ... .max), radix: 36)
      let path = target.folder.appending(name)
      do {
        return (path, try create(path))
      } catch Errno.fileExists {
        continue
      } catch {
        last = (error as? Errno) ?? last
        break
      }
    }
    throw .cannotCreate(target, reason: last.description)
  }

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

  /// Keeps a file under a temporary name while another takes its place.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - path: Its second name, or its only one where the file system has no
  ///     hard links.
  /// - Throws: `Errno`.
  func keep(_ target: FilePath, as path: FilePath) throws {
    try paths.withLock { paths in
      guard let error = FileNaming.link(target, to: path) else {
        // The file has its own name too: nothing is lost with this one.
        paths.insert(path)
        return
      }
      guard error != .fileExists, (try? path.stat()) == nil else {
        throw Errno.fileExists
      }
      // A signal must not remove the only copy, so it stays unknown.
      if let error = FileNaming.rename(target, to: path) { throw error }
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
