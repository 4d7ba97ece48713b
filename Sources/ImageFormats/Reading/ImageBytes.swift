import CLibrary

/// Where the bytes of an image file are.
enum ImageBytes {
  /// In memory.
  case memory(UnsafeBufferPointer<UInt8>)

  /// In a file that can be read from its start; reading does not move in it.
  case file(descriptor: Int32)

  /// How many there are; 0 of a file that cannot say.
  var count: Int {
    switch self {
    case .memory(let buffer):
      return buffer.count
    case .file(let descriptor):
      var status = stat()
      return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }
  }

  /// Some of the bytes.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - offset: Where they begin.
  /// - Returns: This many, or fewer where the file ends.
  func bytes(_ count: Int, at offset: Int = 0) -> [UInt8] {
    switch self {
    case .memory(let buffer):
      return Array(buffer.dropFirst(offset).prefix(count))
    case .file(let descriptor):
      return [UInt8](unsafeUninitializedCapacity: count) { room, filled in
        while filled < count {
          let read = pread(
            descriptor, room.baseAddress.map { $0 + filled }, count - filled,
            off_t(offset + filled))
          guard read > 0 else { return }
          filled += read
        }
      }
    }
  }

  /// The most bytes of a file that are looked at for something that should be
  /// at its start. Those in memory are all looked at: they are there already.
  var mostAtStart: Int {
    switch self {
    case .memory: .max / 4
    case .file: 64 << 20
    }
  }
}
