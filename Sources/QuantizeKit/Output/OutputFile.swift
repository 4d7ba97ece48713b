import CLibrary
import SystemPackage

/// One output file that no reader ever sees a part of.
///
/// A file is written under a temporary name in its own folder, flushed to the
/// disk, and then renamed. Devices, pipes and standard output are written
/// directly: there is nothing to replace.
final class OutputFile: StagedOutput {
  /// Writes the next bytes of an output.
  typealias Writer = (_ bytes: [UInt8]) throws(QuantizeError) -> Void

  /// Where the output goes.
  let location: FileLocation

  /// Whether an existing file may be replaced.
  let replaces: Bool

  /// The file to create or replace; `nil` where bytes are written directly.
  private let target: FilePath?

  /// Whether the image that was read is replaced by its own result.
  let replacesImage: Bool

  /// What could not be kept of the file that is replaced, a line each.
  private(set) var warnings: [String] = []

  private let temporaryPrefix: String

  /// The temporary file, once it is written.
  private var temporary: FilePath?

  /// What is written directly once all files are in place.
  private var waiting: [UInt8] = []

  /// What ``revert()`` does.
  private var undo = Undo.nothing

  private enum Undo {
    case nothing

    /// Removes the new file.
    case remove(FilePath)

    /// Puts the old file back.
    case restore(FilePath, to: FilePath)
  }

  /// Checks, before any work is done, that the output can be created.
  ///
  /// - Parameters:
  ///   - name: What is written.
  ///   - location: Where the output goes.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - reading: What is read: of it, only the image is replaced, by its own
  ///     result.
  ///   - temporaryPrefix: How the names of temporary files begin.
  /// - Throws: `QuantizeError.outputExists`, `.outputIsInput`,
  ///   `.replacesInput` or `.cannotCreate`.
  init(
    _ name: OutputName, _ location: FileLocation, replaces: Bool,
    reading: ReadFiles, temporaryPrefix: String = TemporaryFiles.prefix
  ) throws(QuantizeError) {
    self.location = location
    self.temporaryPrefix = temporaryPrefix
    self.replaces = replaces
    (target, replacesImage) = try Self.target(
      name, location, replaces: replaces, reading)
  }

  deinit { discard() }

  /// What is created or replaced, and whether it is the image that was read.
  private static func target(
    _ name: OutputName, _ location: FileLocation, replaces: Bool,
    _ reading: ReadFiles
  ) throws(QuantizeError) -> (FilePath?, replacesImage: Bool) {
    let isImage = try reading.check(name, location)
    guard let path = location.path else { return (nil, false) }
    guard let component = path.lastComponent, component.kind == .regular
    else { throw .cannotCreate(path, reason: "this is not a file name") }
    guard let status = try? path.stat() else {
      // A link that leads nowhere is replaced as a file would be.
      try OutputFolder.checkParent(of: path)
      return (path, false)
    }
    guard status.type != .directory else {
      throw .cannotCreate(path, reason: "there is a folder of this name")
    }
    guard status.type == .regular else { return (nil, false) }
    guard replaces else {
      throw isImage ? .outputIsInput(path) : .outputExists(path)
    }
    // The file behind a link is replaced, and the link stays.
    let target = path.resolved ?? path
    try OutputFolder.checkParent(of: target)
    return (target, isImage)
  }

  /// Whether the output is a file, and not a device or standard output.
  var isStaged: Bool { target != nil }

  /// Writes the bytes to the temporary file; those for standard output or a
  /// device wait for the commit.
  ///
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`.
  func stage(_ bytes: [UInt8]) throws(QuantizeError) {
    guard target != nil else {
      waiting = bytes
      return
    }
    try stageFile { descriptor, _ throws(QuantizeError) in
      try self.write(bytes, to: descriptor)
    }
  }

  /// Passes the path of an empty temporary file to `write`.
  ///
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`, and what `write`
  ///   throws.
  func stage(
    writing write: (FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    try stageFile { _, path throws(QuantizeError) in try write(path) }
  }

  /// Writes bytes as they come: to the temporary file, or at once to a device
  /// or standard output.
  ///
  /// - Parameter body: Is given a function that writes the next bytes.
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`, and what `body`
  ///   throws.
  func stream(
    _ body: (Writer) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    guard target == nil else {
      return try stageFile { descriptor, _ throws(QuantizeError) in
        try body { (bytes) throws(QuantizeError) in
          try self.write(bytes, to: descriptor)
        }
      }
    }
    try withDirectDescriptor { descriptor throws(QuantizeError) in
      try body { (bytes) throws(QuantizeError) in
        try self.write(bytes, to: descriptor)
      }
    }
  }

  private func write(
    _ bytes: [UInt8], to descriptor: FileDescriptor
  ) throws(QuantizeError) {
    do {
      try descriptor.writeAll(bytes)
    } catch {
      throw failure(error)
    }
  }

  private func stageFile(
    _ write: (FileDescriptor, FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    guard let target else { preconditionFailure("only files are staged") }
    let (path, descriptor) = try TemporaryFiles.shared.create(
      for: target, prefix: temporaryPrefix
    ) { try TemporaryFiles.shared.create($0) }
    temporary = path
    defer { try? descriptor.close() }
    if replaces, let lost = FileAttributes.keep(of: target, on: descriptor) {
      warnings.append(lost)
    }
    do throws(QuantizeError) {
      try write(descriptor, path)
      do {
        try FileNaming.flush(descriptor)
      } catch {
        throw failure(error)
      }
    } catch {
      discard()
      throw error
    }
  }

  private func withDirectDescriptor(
    _ body: (FileDescriptor) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    guard let path = location.path else { return try body(.standardOutput) }
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .writeOnly, options: .closeOnExec)
    } catch {
      throw failure(error)
    }
    defer { try? descriptor.close() }
    try body(descriptor)
  }

  private func failure(_ error: any Error) -> QuantizeError {
    .inputOutput(
      location, reason: "writing failed: \(Errno.text(of: error))")
  }

  /// Renames the temporary file, or writes the bytes that wait to standard
  /// output or a device.
  ///
  /// - Throws: `QuantizeError.outputExists`, `.cannotCreate` or `.inputOutput`.
  func commit(revertible: Bool) throws(QuantizeError) {
    guard let target else {
      guard !waiting.isEmpty else { return }
      return try withDirectDescriptor { descriptor throws(QuantizeError) in
        try self.write(self.waiting, to: descriptor)
      }
    }
    guard let temporary else {
      preconditionFailure("an output is staged before it is committed")
    }
    defer { discard() }
    guard replaces else {
      return try create(target, from: temporary)
    }
    let backup = revertible ? try backup(of: target) : nil
    if let error = FileNaming.rename(temporary, to: target) {
      if let backup { restore(backup, to: target) }
      throw .cannotCreate(target, reason: error.description)
    }
    undo = backup.map { .restore($0, to: target) } ?? .remove(target)
  }

  private func create(
    _ target: FilePath, from temporary: FilePath
  ) throws(QuantizeError) {
    // A hard link is made only where nothing is: no other program's file of
    // that name is lost, however late it came.
    if let error = FileNaming.link(temporary, to: target) {
      // Some file systems have no hard links.
      guard error != .fileExists, (try? target.stat()) == nil else {
        throw .outputExists(target)
      }
      if let error = FileNaming.rename(temporary, to: target) {
        throw .cannotCreate(target, reason: error.description)
      }
    }
    undo = .remove(target)
  }

  /// Another name for the file that is replaced; `nil` where there is none.
  private func backup(
    of target: FilePath
  ) throws(QuantizeError) -> FilePath? {
    guard (try? target.stat(followTargetSymlink: false)) != nil else {
      return nil
    }
    return try TemporaryFiles.shared.create(
      for: target, prefix: temporaryPrefix
    ) { try TemporaryFiles.shared.keep(target, as: $0) }.0
  }

  private func restore(_ old: FilePath, to target: FilePath) {
    _ = FileNaming.rename(old, to: target)
    // Where both are names of one file, renaming does nothing.
    TemporaryFiles.shared.remove(old)
  }

  /// Removes the new file, and puts the old one back.
  func revert() {
    switch undo {
    case .nothing: break
    case .remove(let path): path.withPlatformString { _ = unlink($0) }
    case .restore(let old, let target): restore(old, to: target)
    }
    undo = .nothing
  }

  /// Removes the old file.
  func conclude() {
    if case .restore(let old, _) = undo {
      TemporaryFiles.shared.remove(old)
    }
    undo = .nothing
  }

  /// Removes the temporary file, if there still is one.
  func discard() {
    guard let path = temporary else { return }
    TemporaryFiles.shared.remove(path)
    temporary = nil
  }
}
