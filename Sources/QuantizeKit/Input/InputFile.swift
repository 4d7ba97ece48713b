import ImageFormats
import SystemPackage

/// Reads whole files.
enum InputFile {
  /// Reads everything there is.
  ///
  /// - Parameters:
  ///   - location: A file or standard input.
  ///   - limits: What an image may ask for; a large PNG that asks for more is
  ///     not read. `nil` where it is no image.
  /// - Returns: The bytes.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput` or `.decode`.
  static func read(
    _ location: FileLocation, limits: DecodeLimits? = nil
  ) throws(QuantizeError) -> [UInt8] {
    guard location.path != nil else {
      return try read(.standardInput, location, sizeHint: nil)
    }
    let (descriptor, size) = try open(location)
    defer { try? descriptor.close() }
    if let limits, size >= surveyedBytes {
      let refusal = ChunkSurvey.refusal(limits) { offset, count in
        [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
          used =
            (try? descriptor.read(
              fromAbsoluteOffset: Int64(offset),
              into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
      }
      if let refusal { throw .decode(location, refusal) }
    }
    return try read(descriptor, location, sizeHint: size)
  }

  /// Opens a file.
  ///
  /// - Returns: The file, and its size, 0 of what is no regular file.
  /// - Throws: `QuantizeError.unreadable`.
  private static func open(
    _ location: FileLocation
  ) throws(QuantizeError) -> (FileDescriptor, size: Int) {
    let path = location.path ?? "-"
    do {
      let status = try path.stat()
      guard status.type != .directory else { throw Errno.isDirectory }
      let descriptor = try FileDescriptor.open(
        path, .readOnly, options: .closeOnExec)
      return (descriptor, status.type == .regular ? Int(status.size) : 0)
    } catch {
      throw .unreadable(location, reason: reason(for: error))
    }
  }

  /// Reads a file chunk by chunk.
  ///
  /// - Parameters:
  ///   - location: A file.
  ///   - bytes: The size of a chunk; the last is smaller.
  ///   - body: Is given each chunk.
  /// - Throws: `QuantizeError.unreadable` or `.inputOutput`.
  static func forEachChunk(
    of location: FileLocation, bytes: Int,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(QuantizeError) {
    let (descriptor, _) = try open(location)
    defer { try? descriptor.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytes, alignment: 16)
    defer { buffer.deallocate() }
    do {
      while case let count = try descriptor.read(into: buffer), count > 0 {
        body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    } catch {
      throw failure(error, location)
    }
  }

  private static func failure(
    _ error: any Error, _ location: FileLocation
  ) -> QuantizeError {
    .inputOutput(
      location, reason: "reading failed: \(Errno.text(of: error))")
  }

  /// From which size on a file is looked at before it is read.
  private static let surveyedBytes = 32 << 20

  /// Reads the beginning of a file.
  ///
  /// - Parameters:
  ///   - location: A file.
  ///   - limit: The most bytes to read.
  /// - Returns: The bytes, fewer where the file has no more.
  /// - Throws: `QuantizeError.unreadable`.
  static func read(
    _ location: FileLocation, atMost limit: Int
  ) throws(QuantizeError) -> [UInt8] {
    do {
      let descriptor = try FileDescriptor.open(
        location.path ?? "-", .readOnly, options: .closeOnExec)
      defer { try? descriptor.close() }
      return try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        while count < limit {
          let read = try descriptor.read(
            into: UnsafeMutableRawBufferPointer(
              rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
          guard read > 0 else { return }
          count += read
        }
      }
    } catch {
      throw .unreadable(location, reason: reason(for: error))
    }
  }

  /// Why a file cannot be opened, and what to do.
  static func reason(for error: any Error) -> String {
    switch error as? Errno {
    case .noSuchFileOrDirectory:
      "there is no such file; check the name"
    case .isDirectory:
      "this is a folder; give an image file, or use quantize batch for a folder"
    case .permissionDenied:
      "permission to read it is denied"
    case .some(let errno):
      "cannot be opened: \(errno.description)"
    case .none:
      "cannot be opened"
    }
  }

  private static func read(
    _ descriptor: FileDescriptor, _ location: FileLocation, sizeHint: Int?
  ) throws(QuantizeError) -> [UInt8] {
    // One byte more than expected, so that the end is seen without growing.
    var capacity = (sizeHint ?? 0) + 1
    var bytes: [UInt8] = []
    do {
      while true {
        capacity = max(capacity, 65_536)
        let chunk = try [UInt8](unsafeUninitializedCapacity: capacity) {
          buffer, count in
          while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(
              rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
            let read = try descriptor.read(into: rest)
            guard read > 0 else { break }
            count += read
          }
        }
        let ended = chunk.count < capacity
        if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        if ended { return bytes }
        capacity = bytes.count
      }
    } catch {
      throw failure(error, location)
    }
  }
}
