import CLibrary
public import SystemPackage

/// A folder of output files that no reader ever sees a part of.
///
/// All files are written and flushed in a folder under a temporary name next to
/// the final one, which is then renamed. An existing folder is only replaced as a
/// whole, when that was asked for, and when it holds no other files than the new
/// one may hold.
public final class OutputFolder: StagedOutput {
  /// Where the folder goes.
  public let path: FilePath

  /// The names of the files that a folder may hold to be replaced.
  private let names: Set<String>

  private let replaces: Bool

  /// What is read, and may not be among the files that are replaced.
  private let reading: ReadFiles

  /// What is created or replaced: `path` with its links followed.
  private let target: FilePath

  /// The temporary folder, once there is one.
  private var temporary: FilePath?

  /// Where the folder that was replaced is now.
  private var old: FilePath?

  private var isCommitted = false

  /// What could not be kept of the folder and files that were replaced, a line
  /// each.
  public private(set) var warnings: [String] = []

  var isStaged: Bool { true }

  /// Checks, before any work is done, that the folder can be created.
  ///
  /// - Parameters:
  ///   - path: Where the folder goes.
  ///   - names: The names of the files that a folder may hold to be replaced; an
  ///     empty folder is always replaced when there are any.
  ///   - replaces: Whether a folder of such files may be replaced.
  ///   - inputs: The files that are read; a folder with one of them is not
  ///     replaced.
  /// - Throws: `QuantizeError.folderExists`, `.folderOfOthers`,
  ///   `.replacesInput` or `.cannotCreate`.
  public init(
    _ path: FilePath, names: Set<String> = [], replaces: Bool = false,
    inputs: [FileLocation] = []
  ) throws(QuantizeError) {
    self.path = path
    reading = ReadFiles(image: nil, others: inputs)
    self.names = names
    self.replaces = replaces
    guard let status = try? path.stat() else {
      guard path.lastComponent?.kind == .regular else {
        throw .cannotCreate(path, reason: "this is not the name of a folder")
      }
      target = path
      try Self.checkParent(of: path)
      return
    }
    guard !names.isEmpty else { throw Self.neverReplaced(path) }
    guard status.type == .directory else {
      throw .cannotCreate(
        path, reason: "there is a file of this name; name a folder with -o")
    }
    // The folder behind a link, or that of a name such as `.`.
    target = path.resolved ?? path
    let contents = try Self.contents(of: target)
    guard contents.isEmpty || replaces else { throw .folderExists(path) }
    try checkContents(contents)
    guard target.lastComponent?.kind == .regular else {
      throw .cannotCreate(path, reason: "this folder cannot be replaced")
    }
    try Self.checkParent(of: target)
  }

  deinit { discard() }

  private static func neverReplaced(_ path: FilePath) -> QuantizeError {
    .cannotCreate(
      path,
      reason: "there is a folder or file of this name, and a folder is never "
        + "replaced; name another, or remove it first")
  }

  private func checkContents(
    _ contents: [String]
  ) throws(QuantizeError) {
    if let other = contents.first(where: { !names.contains($0) }) {
      throw .folderOfOthers(path, other: FilePath(other).displayName)
    }
    for name in contents {
      try reading.check(.comparison, .file(path.appending(name)))
    }
  }

  /// Refuses a path in whose parent folder nothing can be created.
  ///
  /// - Throws: `QuantizeError.cannotCreate`.
  static func checkParent(of path: FilePath) throws(QuantizeError) {
    let folder = path.folder
    do {
      guard try folder.stat().type == .directory else {
        throw QuantizeError.cannotCreate(
          path, reason: "\(folder.displayName) is not a folder")
      }
    } catch let error as QuantizeError {
      throw error
    } catch Errno.noSuchFileOrDirectory {
      throw .cannotCreate(
        path, reason: "the folder \(folder.displayName) does not exist")
    } catch {
      throw .cannotCreate(
        path,
        reason: "the folder \(folder.displayName) cannot be used "
          + "(\(Errno.text(of: error)))")
    }
    let denied = folder.withPlatformString { access($0, W_OK | X_OK) != 0 }
    guard !denied else {
      throw .cannotCreate(
        path,
        reason: "the folder \(folder.displayName) is not writable "
          + "(\(Errno(rawValue: errno).description))")
    }
  }

  /// The names of everything in a folder, sorted.
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

  /// Passes the path of an empty temporary folder to `write`, and flushes the
  /// files that it wrote.
  ///
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`, and what `write`
  ///   throws.
  func stage(
    writing write: (FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    let temporary = try makeTemporary()
    self.temporary = temporary
    do {
      try write(temporary)
      try flush(temporary)
    } catch {
      discard()
      throw error
    }
  }

  private func flush(_ folder: FilePath) throws(QuantizeError) {
    for name in try Self.contents(of: folder) {
      do {
        try FileNaming.flush(folder.appending(name))
      } catch {
        throw failure(error, of: name)
      }
    }
    do {
      try FileNaming.flush(folder)
    } catch {
      throw failure(error, of: "")
    }
  }

  private func failure(_ error: any Error, of name: String) -> QuantizeError {
    .inputOutput(
      .file(name.isEmpty ? path : path.appending(name)),
      reason: "writing failed: \(Errno.text(of: error))")
  }

  /// Writes files, and gives the folder its name.
  ///
  /// - Parameter files: Their names, all among those that the folder may hold,
  ///   and bytes.
  /// - Throws: `QuantizeError.folderExists`, `.folderOfOthers`,
  ///   `.cannotCreate` or `.inputOutput`; then nothing has changed.
  public func write(
    _ files: [(name: String, bytes: [UInt8])]
  ) throws(QuantizeError) {
    precondition(files.allSatisfy { names.contains($0.name) })
    try stage { folder throws(QuantizeError) in
      for (name, bytes) in files {
        do {
          let descriptor = try FileDescriptor.open(
            folder.appending(name), .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: FilePermissions(rawValue: 0o666))
          try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        } catch {
          throw self.failure(error, of: name)
        }
      }
    }
    defer { discard() }
    try commit(revertible: false)
    conclude()
  }

  private func makeTemporary() throws(QuantizeError) -> FilePath {
    try TemporaryFiles.shared.create(for: target) {
      try TemporaryFiles.shared.createFolder($0)
    }.0
  }

  /// Renames the temporary folder; an old one is moved out of the way first, and
  /// comes back where that fails.
  ///
  /// - Throws: `QuantizeError.folderExists`, `.folderOfOthers` or
  ///   `.cannotCreate`.
  func commit(revertible: Bool) throws(QuantizeError) {
    guard let temporary else {
      preconditionFailure("a folder is staged before it is committed")
    }
    // Renaming would replace an empty folder that came late.
    if names.isEmpty, (try? target.stat()) != nil {
      throw Self.neverReplaced(target)
    }
    if (try? target.stat()) != nil { try keepAttributes(on: temporary) }
    if let error = FileNaming.rename(temporary, to: target) {
      guard error == .fileExists || error == .directoryNotEmpty else {
        throw .cannotCreate(path, reason: error.description)
      }
      try replace(by: temporary)
    }
    TemporaryFiles.shared.forget(temporary)
    self.temporary = nil
    isCommitted = true
  }

  private func replace(by temporary: FilePath) throws(QuantizeError) {
    guard replaces else { throw .folderExists(path) }
    try checkContents(try Self.contents(of: target))
    let old = try makeTemporary()
    // From here on it holds files of a user until it is known that the new
    // ones are in place: a signal must not remove them.
    TemporaryFiles.shared.forget(old)
    if let error = FileNaming.rename(target, to: old) {
      old.withPlatformString { _ = rmdir($0) }
      throw .cannotCreate(path, reason: error.description)
    }
    if let error = FileNaming.rename(temporary, to: target) {
      _ = FileNaming.rename(old, to: target)
      throw .cannotCreate(path, reason: error.description)
    }
    self.old = old
  }

  /// Gives the new folder and its files what belongs to the old ones.
  private func keepAttributes(
    on temporary: FilePath
  ) throws(QuantizeError) {
    let names = try Self.contents(of: temporary)
    let pairs =
      [(target, temporary)]
      + names.map { (target.appending($0), temporary.appending($0)) }
    for (old, new) in pairs {
      guard
        let descriptor = try? FileDescriptor.open(
          new, .readOnly, options: .closeOnExec)
      else { continue }
      let lost = FileAttributes.keep(of: old, on: descriptor)
      try? descriptor.close()
      if let lost, !warnings.contains(lost) { warnings.append(lost) }
    }
  }

  /// Removes the new folder, and puts the old one back.
  func revert() {
    guard isCommitted else { return }
    isCommitted = false
    TemporaryFiles.shared.remove(target)
    if let old {
      _ = FileNaming.rename(old, to: target)
      self.old = nil
    }
  }

  /// Removes the files of the old folder, and the folder.
  func conclude() {
    guard let old else { return }
    for name in names {
      old.appending(name).withPlatformString { _ = unlink($0) }
    }
    old.withPlatformString { _ = rmdir($0) }
    self.old = nil
  }

  /// Removes the temporary folder, if there still is one.
  func discard() {
    guard let path = temporary else { return }
    TemporaryFiles.shared.remove(path)
    temporary = nil
  }
}
