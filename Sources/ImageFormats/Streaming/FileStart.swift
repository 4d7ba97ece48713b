import CLibrary

/// What stands in a file, most of all at its start, read without moving in it.
enum FileStart {
  /// The most that is looked at for what stands before a JPEG's first scan.
  private static let mostSegments = 64 << 20

  /// The bytes of a file.
  static func size(of descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Some bytes.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - descriptor: The file.
  ///   - offset: Where they stand.
  /// - Returns: So many, or fewer where the file has not more.
  static func bytes(
    _ count: Int, of descriptor: Int32, at offset: Int = 0
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled,
          off_t(offset + filled))
        guard read > 0 else { return }
        filled += read
      }
    }
  }

  /// What stands in a JPEG before its first scan.
  ///
  /// - Complexity: O(bytes before the scan).
  static func segments(of descriptor: Int32) -> JPEGSegments {
    var count = 1 << 16
    while true {
      let start = bytes(count, of: descriptor)
      let segments = JPEGSegments(start)
      guard !segments.isComplete, start.count == count,
        count < mostSegments
      else { return segments }
      count *= 4
    }
  }
}
