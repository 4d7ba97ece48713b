import CFileAttributes
import ImageFormats
import SystemPackage

/// What belongs to a file beside its bytes and its name: owner, group,
/// permissions and extended attributes.
enum FileAttributes {
  /// Gives a new file what an old one has, as far as the system allows.
  ///
  /// - Parameters:
  ///   - path: The old file; where there is none, nothing is done.
  ///   - descriptor: The new file, which the process has made.
  /// - Returns: What could not be kept, in a line for a person; `nil` where
  ///   nothing is lost.
  static func keep(
    of path: FilePath, on descriptor: FileDescriptor
  ) -> String? {
    let lost = path.withPlatformString { qf_keep($0, descriptor.rawValue) }
    let parts = [
      (QF_OWNER, "owner"), (QF_GROUP, "group"),
      (QF_ATTRIBUTES, "extended attributes"),
    ].filter { lost & Int32($0.0.rawValue) != 0 }
    guard !parts.isEmpty else { return nil }
    return "the system does not let the new file keep the old one's "
      + TextList.and(parts.map { $0.1 })
  }
}
