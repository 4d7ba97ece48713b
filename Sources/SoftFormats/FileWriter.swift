import SystemPackage

/// A file that is written from its beginning to its end, and here and there
/// again.
struct FileWriter: ~Copyable {
  private let descriptor: FileDescriptor

  /// Bytes written so far.
  private(set) var count: Int64 = 0

  /// Bytes that wait to be written.
  private var waiting: [UInt8] = []

  private static let mostWaiting = 1 << 20

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: Its name.
  ///   - appends: Whether what it has stays; otherwise it is emptied.
  /// - Throws: `SoftFormatError.inputOutput`.
  init(_ path: FilePath, appends: Bool = false) throws(SoftFormatError) {
    do {
      descriptor = try FileDescriptor.open(
        path, .writeOnly,
        options: [.create, appends ? .append : .truncate, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
    } catch {
      throw SoftFormatError(error)
    }
  }

  deinit { try? descriptor.close() }

  /// Writes the next bytes.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func write(_ bytes: [UInt8]) throws(SoftFormatError) {
    count += Int64(bytes.count)
    guard bytes.count < Self.mostWaiting else {
      try flush()
      try writeNow(bytes)
      return
    }
    waiting += bytes
    if waiting.count >= Self.mostWaiting { try flush() }
  }

  /// Replaces bytes that were written.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func replace(
    at offset: Int64, _ bytes: [UInt8]
  ) throws(SoftFormatError) {
    try flush()
    do {
      _ = try descriptor.writeAll(toAbsoluteOffset: offset, bytes)
    } catch {
      throw SoftFormatError(error)
    }
  }

  /// Ends the file.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func finish() throws(SoftFormatError) {
    try flush()
  }

  private mutating func flush() throws(SoftFormatError) {
    try writeNow(waiting)
    waiting.removeAll(keepingCapacity: true)
  }

  private func writeNow(_ bytes: [UInt8]) throws(SoftFormatError) {
    guard !bytes.isEmpty else { return }
    do {
      _ = try descriptor.writeAll(bytes)
    } catch {
      throw SoftFormatError(error)
    }
  }
}

extension SoftFormatError {
  /// What the system says.
  init(_ error: any Error) {
    self = .inputOutput(
      reason: (error as? Errno)?.description ?? "\(error)")
  }
}
