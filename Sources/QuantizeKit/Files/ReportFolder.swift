import CLibrary
public import SystemPackage

/// A folder of files, written so that nobody ever sees part of it.
///
/// All files are written and flushed in a folder under a temporary name beside
/// it, which then gets its name in one step. A folder is only replaced as a
/// whole, and only where it holds nothing but files of the same names.
public struct ReportFolder: Sendable {
  /// Where the folder goes.
  public let path: FilePath

  /// The names of the files that it may hold.
  public let names: Set<String>

  /// Whether a folder of such files may be replaced.
  public let replaces: Bool

  /// What is created or replaced: `path` with its links followed.
  private let target: FilePath

  /// Checks, before any work is done, that the folder can be created.
  ///
  /// - Parameters:
  ///   - path: Where the folder goes.
  ///   - names: The names of the files that it may hold.
  ///   - replaces: Whether a folder of such files may be replaced.
  /// - Throws: `QuantizeError.folderExists`, `.folderOfOthers` or
  ///   `.cannotCreate`.
  public init(
    _ path: FilePath, names: Set<String>, replaces: Bool
  ) throws(QuantizeError) {
    self.path = path
    self.names = names
    self.replaces = replaces
    guard let status = try? path.stat() else {
      guard path.lastComponent?.kind == .regular else {
        throw .cannotCreate(path, reason: "this is not the name of a folder")
      }
      target = path
      try OutputFile.checkFolder(of: path)
      return
    }
    guard status.type == .directory else {
      throw .cannotCreate(
        path, reason: "there is a file of this name; name a folder with -o")
    }
    // The folder behind a link, or that of a name such as `.`.
    target = path.resolved ?? path
    let contents = try Self.contents(of: target)
    guard contents.isEmpty || replaces else { throw .folderExists(path) }
    if let other = contents.first(where: { !names.contains($0) }) {
      throw .folderOfOthers(path, other: FilePath(other).displayName)
    }
    guard target.lastComponent?.kind == .regular else {
      throw .cannotCreate(path, reason: "this folder cannot be replaced")
    }
    try OutputFile.checkFolder(of: target)
  }

  /// The names of what is in a folder, sorted.
  private static func contents(
    of folder: FilePath
  ) throws(QuantizeError) -> [String] {
    do {
      let hidden = try FolderListing.names(in: folder, beginningWith: ".")
      return (try FolderListing.names(in: folder) + hidden)
        .filter { $0.kind == .regular }.map(\.string)
    } catch {
      throw .cannotCreate(
        folder,
        reason: "the folder cannot be read (\(error.description))")
    }
  }

  /// Writes the files, and gives the folder its name.
  ///
  /// - Parameter files: Their names, all among ``names``, and bytes.
  /// - Throws: `QuantizeError.folderExists`, `.folderOfOthers`,
  ///   `.cannotCreate` or `.inputOutput`; there is nothing new then.
  public func write(
    _ files: [(name: String, bytes: [UInt8])]
  ) throws(QuantizeError) {
    precondition(files.allSatisfy { names.contains($0.name) })
    let temporary = try makeTemporary()
    defer { TemporaryFiles.shared.remove(temporary) }
    for (name, bytes) in files {
      do {
        let descriptor = try FileDescriptor.open(
          temporary.appending(name), .writeOnly,
          options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: FilePermissions(rawValue: 0o666))
        try descriptor.closeAfter {
          try descriptor.writeAll(bytes)
          guard fsync(descriptor.rawValue) == 0 else {
            throw Errno(rawValue: errno)
          }
        }
      } catch {
        throw .inputOutput(
          .file(path.appending(name)),
          reason: "writing failed: "
            + "\((error as? Errno)?.description ?? "\(error)")")
      }
    }
    try commit(temporary)
  }

  private func makeTemporary() throws(QuantizeError) -> FilePath {
    try OutputFile.createTemporary(for: target) {
      try TemporaryFiles.shared.createFolder($0)
    }.0
  }

  /// Renames the temporary folder; one that is there goes out of the way
  /// first, and comes back where that fails.
  private func commit(_ temporary: FilePath) throws(QuantizeError) {
    // An empty folder is replaced by renaming alone.
    if let error = Self.rename(temporary, target) {
      guard error == .fileExists || error == .directoryNotEmpty else {
        throw .cannotCreate(path, reason: error.description)
      }
      try replace(by: temporary)
    }
    TemporaryFiles.shared.forget(temporary)
  }

  private func replace(by temporary: FilePath) throws(QuantizeError) {
    guard replaces else { throw .folderExists(path) }
    let contents = try Self.contents(of: target)
    if let other = contents.first(where: { !names.contains($0) }) {
      throw .folderOfOthers(path, other: FilePath(other).displayName)
    }
    let old = try makeTemporary()
    // From here on it holds files of a user until it is known that the new
    // ones are in place: a signal must not remove them.
    TemporaryFiles.shared.forget(old)
    if let error = Self.rename(target, old) {
      old.withPlatformString { _ = rmdir($0) }
      throw .cannotCreate(path, reason: error.description)
    }
    if let error = Self.rename(temporary, target) {
      _ = Self.rename(old, target)
      throw .cannotCreate(path, reason: error.description)
    }
    for name in contents {
      old.appending(name).withPlatformString { _ = unlink($0) }
    }
    old.withPlatformString { _ = rmdir($0) }
  }

  private static func rename(_ old: FilePath, _ new: FilePath) -> Errno? {
    old.withPlatformString { old in
      new.withPlatformString { new in
        SystemCalls.rename(old, new) == 0 ? nil : Errno(rawValue: errno)
      }
    }
  }
}
