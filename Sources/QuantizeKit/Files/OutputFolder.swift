import SystemPackage

/// A folder that is written so that nobody ever sees part of it: under a
/// temporary name beside its own, which it is given in one step.
///
/// A folder that exists is never replaced: what else is in it is nobody's to
/// delete.
struct OutputFolder {
  private let target: FilePath

  /// The temporary folder, once there is one.
  private var temporary: FilePath?

  /// Checks, before any work is done, that the folder can be created.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `QuantizeError.cannotCreate`.
  init(_ path: FilePath) throws(QuantizeError) {
    guard let name = path.lastComponent, name.kind == .regular else {
      throw .cannotCreate(path, reason: "this is not the name of a new folder")
    }
    guard (try? path.stat()) == nil else { throw Self.exists(path) }
    try OutputFile.checkFolder(of: path)
    target = path
  }

  private static func exists(_ path: FilePath) -> QuantizeError {
    .cannotCreate(
      path,
      reason: "there is a folder or file of this name, and a folder is never "
        + "replaced; name another, or remove it first")
  }

  /// Lets somebody write the files of the folder where nobody looks yet.
  ///
  /// - Parameter write: Gets the path of an empty folder.
  /// - Throws: `QuantizeError.cannotCreate`, and what `write` throws.
  mutating func stage(
    writing write: (FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    let (path, _) = try OutputFile.createTemporary(for: target) {
      try TemporaryFiles.shared.createFolder($0)
    }
    temporary = path
    do {
      try write(path)
    } catch {
      discard()
      throw error
    }
  }

  /// Gives the folder its name.
  ///
  /// - Throws: `QuantizeError.cannotCreate`.
  mutating func commit() throws(QuantizeError) {
    guard let temporary else {
      preconditionFailure("a folder is staged before it is committed")
    }
    // Renaming would replace an empty folder that came late.
    guard (try? target.stat()) == nil else { throw Self.exists(target) }
    try OutputFile.rename(temporary, to: target)
    TemporaryFiles.shared.forget(temporary)
    self.temporary = nil
  }

  /// Removes the temporary folder, if there still is one.
  mutating func discard() {
    guard let path = temporary else { return }
    TemporaryFiles.shared.remove(path)
    temporary = nil
  }
}
