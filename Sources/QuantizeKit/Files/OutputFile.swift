import CLibrary
import SystemPackage

/// One output, written so that nobody ever sees part of it.
///
/// A file is written under a temporary name in its own folder, flushed to the
/// disk, and then given its name in one step. Devices, pipes and standard
/// output are written directly: there is nothing to replace.
struct OutputFile {
  /// Where the output goes.
  let location: FileLocation

  /// Whether an existing file may be replaced.
  let replaces: Bool

  /// The file to create or replace; `nil` where bytes are written directly.
  private let target: FilePath?

  /// Whether a device or standard output was written as the bytes came.
  private var isWritten = false

  /// The temporary file, once it is written.
  private var temporary: FilePath?

  /// How the names of temporary files begin where nobody says otherwise.
  static let temporaryPrefix = ".quantize-"

  private let temporaryPrefix: String

  /// The permissions of the file that is replaced.
  private var permissions: FilePermissions?

  /// Checks, before any work is done, that the output can be created.
  ///
  /// - Parameters:
  ///   - location: Where the output goes.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - input: What is read, which the output should not be.
  ///   - temporaryPrefix: How the names of temporary files begin.
  /// - Throws: `QuantizeError.outputExists`, `.outputIsInput` or
  ///   `.cannotCreate`.
  init(
    _ location: FileLocation, replaces: Bool, input: FileLocation,
    temporaryPrefix: String = Self.temporaryPrefix
  ) throws(QuantizeError) {
    self.location = location
    self.temporaryPrefix = temporaryPrefix
    self.replaces = replaces
    guard let path = location.path else {
      target = nil
      return
    }
    guard let name = path.lastComponent, name.kind == .regular else {
      throw .cannotCreate(path, reason: "this is not a file name")
    }
    guard let status = try? path.stat() else {
      // A link that leads nowhere is replaced as a file would be.
      target = path
      try Self.checkFolder(of: path)
      return
    }
    guard status.type != .directory else {
      throw .cannotCreate(path, reason: "there is a folder of this name")
    }
    guard status.type == .regular else {
      target = nil
      return
    }
    if !replaces {
      if let input = try? input.path?.stat(), input.inode == status.inode,
        input.deviceID == status.deviceID
      {
        throw .outputIsInput(path)
      }
      throw .outputExists(path)
    }
    // The file behind a link is replaced, and the link stays.
    target = path.resolved ?? path
    permissions = status.permissions
    try Self.checkFolder(of: target ?? path)
  }

  static func folder(of path: FilePath) -> FilePath {
    let folder = path.removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  /// Refuses a path in whose folder nothing can be created.
  ///
  /// - Throws: `QuantizeError.cannotCreate`.
  static func checkFolder(of path: FilePath) throws(QuantizeError) {
    let folder = folder(of: path)
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
          + "(\((error as? Errno)?.description ?? "\(error)"))")
    }
    let denied = folder.withPlatformString { access($0, W_OK | X_OK) != 0 }
    guard !denied else {
      throw .cannotCreate(
        path,
        reason: "the folder \(folder.displayName) is not writable "
          + "(\(Errno(rawValue: errno).description))")
    }
  }

  /// Writes the bytes where nobody looks yet; standard output and devices are
  /// left to ``commit(_:)``.
  ///
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`.
  mutating func stage(_ bytes: [UInt8]) throws(QuantizeError) {
    guard target != nil else { return }
    let location = location
    try stageFile { descriptor, _ throws(QuantizeError) in
      do {
        try descriptor.writeAll(bytes)
      } catch {
        throw Self.failure(error, location)
      }
    }
  }

  /// Lets somebody write a file where nobody looks yet.
  ///
  /// - Parameter write: Gets the path of an empty file.
  /// - Throws: `QuantizeError.cannotCreate`, also for a device or standard
  ///   output, `.inputOutput`, and what `write` throws.
  mutating func stage(
    writing write: (FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    try stageFile { _, path throws(QuantizeError) in try write(path) }
  }

  /// Writes bytes as they come: a file where nobody looks yet, a device or
  /// standard output at once.
  ///
  /// - Parameter body: Gets what writes the next bytes.
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`, and what `body`
  ///   throws.
  mutating func stream(
    _ body: ((_ bytes: [UInt8]) throws(QuantizeError) -> Void)
      throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    let location = location
    func write(
      to descriptor: FileDescriptor
    ) throws(QuantizeError) {
      try body { (bytes) throws(QuantizeError) in
        do {
          try descriptor.writeAll(bytes)
        } catch {
          throw Self.failure(error, location)
        }
      }
    }
    guard target == nil else {
      try stageFile { descriptor, _ throws(QuantizeError) in
        try write(to: descriptor)
      }
      return
    }
    isWritten = true
    guard let path = location.path else {
      try write(to: .standardOutput)
      return
    }
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .writeOnly, options: .closeOnExec)
    } catch {
      throw Self.failure(error, location)
    }
    defer { try? descriptor.close() }
    try write(to: descriptor)
  }

  /// Whether the output is a file, and not a device or standard output.
  var isFile: Bool { target != nil }

  private mutating func stageFile(
    _ write: (FileDescriptor, FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    guard let target else {
      preconditionFailure("only files are staged")
    }
    let (path, descriptor) = try Self.createTemporary(
      for: target, prefix: temporaryPrefix
    ) { try TemporaryFiles.shared.create($0) }
    temporary = path
    defer { try? descriptor.close() }
    if let permissions {
      _ = fchmod(descriptor.rawValue, permissions.rawValue)
    }
    do {
      try write(descriptor, path)
    } catch {
      discard()
      throw error
    }
    do {
      guard fsync(descriptor.rawValue) == 0 else {
        throw Errno(rawValue: errno)
      }
    } catch {
      discard()
      throw Self.failure(error, location)
    }
  }

  /// Creates something under a temporary name beside what it will become.
  ///
  /// - Throws: `QuantizeError.cannotCreate`.
  static func createTemporary<Result>(
    for target: FilePath, prefix: String = Self.temporaryPrefix,
    _ create: (FilePath) throws -> Result
  ) throws(QuantizeError) -> (FilePath, Result) {
    // Names are drawn until one is free; the bound only ends a loop that a
    // broken file system could make endless.
    var last = Errno.fileExists
    for _ in 0..<100 {
      let name =
        prefix + String(UInt64.random(in: 0 ... .max), radix: 36)
      let path = Self.folder(of: target).appending(name)
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

  private static func failure(
    _ error: any Error, _ location: FileLocation
  ) -> QuantizeError {
    let errno = (error as? Errno) ?? .ioError
    return .inputOutput(
      location, reason: "writing failed: \(errno.description)")
  }

  /// Gives the staged file its name, or writes the bytes to standard output or
  /// a device.
  ///
  /// - Parameter bytes: What was staged.
  /// - Throws: `QuantizeError.outputExists`, `.cannotCreate` or
  ///   `.inputOutput`.
  mutating func commit(_ bytes: [UInt8]) throws(QuantizeError) {
    guard let target else {
      if !isWritten { try writeDirectly(bytes) }
      return
    }
    guard let temporary else {
      preconditionFailure("an output is staged before it is committed")
    }
    defer { discard() }
    guard replaces else {
      // A hard link is made only where nothing is: no other program's file of
      // that name is lost, however late it came.
      let linked = temporary.withPlatformString { temporary in
        target.withPlatformString { link(temporary, $0) == 0 }
      }
      if linked { return }
      let error = Errno(rawValue: errno)
      if error == .fileExists { throw .outputExists(target) }
      // Some file systems have no hard links.
      if (try? target.stat()) != nil { throw .outputExists(target) }
      try Self.rename(temporary, to: target)
      return
    }
    try Self.rename(temporary, to: target)
  }

  /// Gives what is staged its name.
  ///
  /// - Throws: `QuantizeError.cannotCreate`.
  static func rename(
    _ temporary: FilePath, to target: FilePath
  ) throws(QuantizeError) {
    let renamed = temporary.withPlatformString { temporary in
      target.withPlatformString { SystemCalls.rename(temporary, $0) == 0 }
    }
    guard renamed else {
      throw .cannotCreate(target, reason: Errno(rawValue: errno).description)
    }
  }

  private func writeDirectly(_ bytes: [UInt8]) throws(QuantizeError) {
    do {
      guard let path = location.path else {
        try FileDescriptor.standardOutput.writeAll(bytes)
        return
      }
      let descriptor = try FileDescriptor.open(
        path, .writeOnly, options: .closeOnExec)
      defer { try? descriptor.close() }
      try descriptor.writeAll(bytes)
    } catch {
      throw Self.failure(error, location)
    }
  }

  /// Removes the temporary file, if there still is one.
  mutating func discard() {
    guard let path = temporary else { return }
    TemporaryFiles.shared.remove(path)
    temporary = nil
  }
}

/// The C library's functions whose names the methods above have.
enum SystemCalls {
  static func rename(
    _ old: UnsafePointer<CChar>, _ new: UnsafePointer<CChar>
  ) -> Int32 {
    CLibrary.rename(old, new)
  }
}
