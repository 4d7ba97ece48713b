import CLibrary
import SystemPackage

/// Names given to and taken from files in single steps.
enum FileNaming {
  /// Gives a file or folder another name; a file of that name is replaced.
  ///
  /// - Returns: Why it could not, if so.
  static func rename(_ old: FilePath, to new: FilePath) -> Errno? {
    failure(old, new) { CLibrary.rename($0, $1) }
  }

  /// Gives a file a second name, where nothing has that name.
  ///
  /// - Returns: Why it could not, if so.
  static func link(_ old: FilePath, to new: FilePath) -> Errno? {
    failure(old, new) { CLibrary.link($0, $1) }
  }

  private static func failure(
    _ old: FilePath, _ new: FilePath,
    _ call: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) -> Errno? {
    old.withPlatformString { old in
      new.withPlatformString { new in
        call(old, new) == 0 ? nil : Errno(rawValue: errno)
      }
    }
  }

  /// Flushes a file or folder to the disk.
  ///
  /// - Throws: `Errno`.
  static func flush(_ path: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      path, .readOnly, options: .closeOnExec)
    try descriptor.closeAfter { try flush(descriptor) }
  }

  /// Flushes an open file to the disk.
  ///
  /// - Throws: `Errno`.
  static func flush(_ descriptor: FileDescriptor) throws {
    guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }
}
