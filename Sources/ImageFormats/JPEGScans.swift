/// How many scans a JPEG has.
enum JPEGScans {
  /// Counts the scans without decoding them.
  ///
  /// - Parameter bytes: The file. What is broken ends the count early.
  /// - Returns: The markers of scans before the end of the image.
  /// - Complexity: O(bytes).
  static func count(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var scans = 0
    var position = 2
    while position + 3 < bytes.count {
      guard bytes[position] == 0xff else {
        position += 1
        continue
      }
      switch bytes[position + 1] {
      // In image data a 0 follows each 0xff, or a mark to restart at.
      case 0x00, 0x01, 0xd0...0xd8: position += 2
      case 0xff: position += 1
      case 0xd9: return scans
      case let marker:
        if marker == 0xda { scans += 1 }
        position +=
          2 + (Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]))
      }
    }
    return scans
  }
}
