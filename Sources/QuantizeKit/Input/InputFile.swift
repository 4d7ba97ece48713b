import ImageFormats
import SystemPackage

/// Reads whole files.
enum InputFile {
  /// Reads an image.
  ///
  /// What does not begin as an image is refused by its first bytes, and a large
  /// PNG that asks for more than is allowed is not read.
  ///
  /// - Parameters:
  ///   - location: A file or standard input.
  ///   - limits: What the image may ask for.
  /// - Returns: The bytes.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.inputTooLarge` or
  ///   `.decode`.
  static func read(
    _ location: FileLocation, limits: DecodeLimits
  ) throws(QuantizeError) -> [UInt8] {
    try read(location, limits: limits, besides: [])
  }

  /// Reads an image, or an array of channels.
  ///
  /// - Throws: As above.
  static func readChannels(
    _ location: FileLocation, limits: DecodeLimits
  ) throws(QuantizeError) -> [UInt8] {
    try read(location, limits: limits, besides: [.numpy, .zip])
  }

  private static func read(
    _ location: FileLocation, limits: DecodeLimits,
    besides others: [FileSignature]
  ) throws(QuantizeError) -> [UInt8] {
    try read(location) { (start) throws(QuantizeError) in
      if others.contains(.of(start.bytes)) { return .image(limits) }
      do throws(DecodeError) {
        _ = try InputFormat(beginning: start.bytes)
      } catch {
        throw .decode(location, error)
      }
      if let refusal = ChunkSurvey.refusal(limits, bytes: start.read) {
        throw .decode(location, refusal)
      }
      return .image(limits)
    }
  }

  /// The beginning of a file, before the rest is read.
  struct Start {
    /// As many bytes as its kind is told by.
    let bytes: [UInt8]

    /// Bytes at an offset, of what is there already and of large files.
    let read: (_ offset: Int, _ count: Int) -> [UInt8]
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - location: A file or standard input.
  ///   - check: Looks at its beginning before the rest is read: refuses it, or
  ///     says how many bytes it may have.
  /// - Returns: The bytes.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.inputTooLarge`,
  ///   and what `check` throws.
  static func read(
    _ location: FileLocation,
    _ check: (Start) throws(QuantizeError) -> InputBound = { _ in .none }
  ) throws(QuantizeError) -> [UInt8] {
    guard location.path != nil else {
      let size = (try? FileDescriptor.standardInput.stat()).flatMap(size)
      return try read(.standardInput, location, size, check)
    }
    let (descriptor, size) = try open(location)
    defer { try? descriptor.close() }
    return try read(descriptor, location, size, check)
  }

  /// The size of a regular file; `nil` of what else there is.
  private static func size(_ status: Stat) -> Int? {
    status.type == .regular ? Int(status.size) : nil
  }

  /// Opens a file.
  ///
  /// - Returns: The file, and its size, `nil` of what is no regular file.
  /// - Throws: `QuantizeError.unreadable`.
  private static func open(
    _ location: FileLocation
  ) throws(QuantizeError) -> (FileDescriptor, size: Int?) {
    let path = location.path ?? "-"
    do {
      let status = try path.stat()
      guard status.type != .directory else { throw Errno.isDirectory }
      let descriptor = try FileDescriptor.open(
        path, .readOnly, options: .closeOnExec)
      return (descriptor, size(status))
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

  /// Reads a file whose beginning is looked at first.
  private static func read(
    _ descriptor: FileDescriptor, _ location: FileLocation, _ size: Int?,
    _ check: (Start) throws(QuantizeError) -> InputBound
  ) throws(QuantizeError) -> [UInt8] {
    let start = try chunk(descriptor, location, FileSignature.mostBytes)
    let isLarge = location.path != nil && size ?? 0 >= surveyedBytes
    let bound = try check(
      Start(bytes: start) { offset, count in
        isLarge
          ? bytes(of: descriptor, at: offset, count)
          : Array(start.dropFirst(offset).prefix(count))
      })
    let most = size == nil || bound.holdsForFiles ? bound.bytes : .max
    guard max(size ?? 0, start.count) <= most else {
      throw .inputTooLarge(location, maximumBytes: most)
    }
    guard start.count == FileSignature.mostBytes else { return start }
    return try rest(of: descriptor, location, start, size, most)
  }

  /// Reads what follows the beginning, in chunks that grow.
  private static func rest(
    of descriptor: FileDescriptor, _ location: FileLocation,
    _ start: [UInt8], _ size: Int?, _ most: Int
  ) throws(QuantizeError) -> [UInt8] {
    var chunks: [[UInt8]] = []
    var count = 0
    // One byte more than expected, so that the end is seen without growing.
    var capacity = max((size ?? 0) + 1, 65_536)
    while true {
      let asked = min(capacity - 1, most - count) + 1
      let next = try chunk(
        descriptor, location, asked, after: chunks.isEmpty ? start : [])
      chunks.append(next)
      count += next.count
      guard count <= most else {
        throw .inputTooLarge(location, maximumBytes: most)
      }
      guard next.count == asked else { break }
      capacity = min(count, mostInChunk)
    }
    guard chunks.count > 1 else { return chunks[0] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for chunk in chunks { bytes += chunk }
    return bytes
  }

  /// The most bytes that are read at once where the size is not known.
  private static let mostInChunk = 64 << 20

  /// Reads the next bytes.
  ///
  /// - Parameters:
  ///   - descriptor: The file.
  ///   - location: The file, for messages.
  ///   - capacity: How many to give.
  ///   - start: The first of them, which were read before.
  /// - Returns: So many, or fewer at the end.
  /// - Throws: `QuantizeError.inputOutput`.
  private static func chunk(
    _ descriptor: FileDescriptor, _ location: FileLocation, _ capacity: Int,
    after start: [UInt8] = []
  ) throws(QuantizeError) -> [UInt8] {
    do {
      return try [UInt8](unsafeUninitializedCapacity: capacity) {
        buffer, count in
        _ = buffer.update(fromContentsOf: start)
        count = start.count
        while count < capacity {
          let rest = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[count..<capacity])
          let read = try descriptor.read(into: rest)
          guard read > 0 else { break }
          count += read
        }
      }
    } catch {
      throw failure(error, location)
    }
  }

  /// Bytes of a file, wherever reading stands.
  private static func bytes(
    of descriptor: FileDescriptor, at offset: Int, _ count: Int
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      used =
        (try? descriptor.read(
          fromAbsoluteOffset: Int64(offset),
          into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
  }
}
