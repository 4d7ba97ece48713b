import CLibrary
import JSONFiles
import ParallelWork
import SystemPackage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What has become of each image, in an append-only file of JSON Lines in the
/// output folder.
///
/// A line is written with one call and never changed, so a process that is
/// killed can leave no more than a last line that is cut, which readers pass
/// over. The last line of an output counts. The file is locked while a batch
/// runs.
final class BatchLedger: Sendable {
  /// The file's name.
  static let name: FilePath.Component = ".quantize-batch.jsonl"

  /// How the names of the batch's temporary files begin: only the process that
  /// holds the lock makes or removes them.
  static let temporaryPrefix = ".quantize-batch-"

  /// Where a line stands in the file.
  private struct Line {
    var start: Int64
    var length: Int
  }

  private struct State {
    var lines: [String: Line] = [:]
    var end: Int64 = 0
  }

  private let location: FileLocation
  private let descriptor: FileDescriptor
  private let state: Monitor<State>

  /// Opens the ledger of a folder, and makes both where they are not there.
  ///
  /// - Parameter folder: The output folder.
  /// - Throws: `QuantizeError.cannotCreate`, also where another batch has it
  ///   open, or `.inputOutput`.
  init(in folder: FilePath) throws(QuantizeError) {
    try FolderMaker.make(folder)
    let path = folder.appending(Self.name)
    location = .file(path)
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .append, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
    } catch {
      throw .cannotCreate(
        path, reason: Errno.text(of: error))
    }
    do {
      guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
        throw QuantizeError.cannotCreate(
          path,
          reason: "another batch is writing to this folder; wait until it has "
            + "ended, or name another folder with -o")
      }
      var bytes = try InputFile.read(location)
      if let last = bytes.last, last != UInt8(ascii: "\n") {
        bytes.append(UInt8(ascii: "\n"))
        try descriptor.writeAll([UInt8(ascii: "\n")])
      }
      state = Monitor(Self.lines(of: bytes))
    } catch {
      try? descriptor.close()
      throw (error as? QuantizeError)
        ?? .inputOutput(
          location, reason: Errno.text(of: error))
    }
  }

  /// Notes that nobody keeps, for outputs that are in no folder of the batch.
  ///
  /// - Throws: `QuantizeError.cannotCreate`.
  init() throws(QuantizeError) {
    let folder = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? "/tmp"
    let path = folder.appending(Self.temporaryPrefix + "notes-\(getpid())")
    location = .file(path)
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite,
        options: [.create, .exclusiveCreate, .append, .closeOnExec],
        permissions: .ownerReadWrite)
    } catch {
      throw .cannotCreate(path, reason: Errno.text(of: error))
    }
    path.withPlatformString { _ = unlink($0) }
    state = Monitor(State())
  }

  deinit {
    try? descriptor.close()
  }

  /// Reads what the ledger of a folder says, without changing anything.
  ///
  /// Fails where there is no ledger that can be read.
  ///
  /// - Parameter folder: The output folder; need not be there.
  init?(reading folder: FilePath) {
    let path = folder.appending(Self.name)
    location = .file(path)
    guard let bytes = try? InputFile.read(location),
      let file = try? FileDescriptor.open(path, .readOnly)
    else { return nil }
    descriptor = file
    state = Monitor(Self.lines(of: bytes))
  }

  /// The last line of each output.
  private static func lines(of bytes: [UInt8]) -> State {
    struct Key: Decodable { let output: String }
    var state = State()
    let decoder = JSONDecoder()
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let key = try? decoder.decode(Key.self, from: Data(line)) else {
        continue
      }
      state.lines[key.output] = Line(
        start: Int64(line.startIndex), length: line.count)
    }
    state.end = Int64(bytes.count)
    return state
  }

  /// What is known of an output.
  ///
  /// - Parameter key: The output's.
  /// - Returns: The last line, if there is one that can be read.
  func entry(_ key: String) -> LedgerEntry? {
    guard let line = state.withLock({ $0.lines[key] }) else { return nil }
    let bytes = try? [UInt8](unsafeUninitializedCapacity: line.length) {
      buffer, count in
      while count < line.length {
        let read = try descriptor.read(
          fromAbsoluteOffset: line.start + Int64(count),
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
        guard read > 0 else { return }
        count += read
      }
    }
    return bytes.flatMap {
      try? JSONDecoder().decode(LedgerEntry.self, from: Data($0))
    }
  }

  /// Appends a line.
  ///
  /// - Parameter entry: The line.
  /// - Throws: `QuantizeError.inputOutput`.
  func append(_ entry: LedgerEntry) throws(QuantizeError) {
    let line = JSONFile.line(entry)
    do {
      try state.withLock { state in
        try descriptor.writeAll(line)
        state.lines[entry.output] = Line(
          start: state.end, length: line.count - 1)
        state.end += Int64(line.count)
      }
    } catch {
      throw .inputOutput(
        location,
        reason: "writing failed: "
          + (Errno.text(of: error)))
    }
  }
}
