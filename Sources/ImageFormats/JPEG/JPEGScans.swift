/// How many scans a JPEG has.
enum JPEGScans {
  private static let bytesAtOnce = 1 << 20

  /// Counts the scans without decoding them.
  ///
  /// - Parameter bytes: Gives bytes at an offset of the file: so many, or fewer
  ///   where it ends. What is broken ends the count early.
  /// - Returns: The markers of scans before the end of the image.
  /// - Complexity: O(bytes).
  static func count(
    _ bytes: (_ offset: Int, _ count: Int) -> [UInt8]
  ) -> Int {
    var scans = 0
    var position = 2
    var first = 0
    var window: [UInt8] = []
    while true {
      if position + 3 >= first + window.count {
        first = position
        window = bytes(first, bytesAtOnce)
        guard window.count > 3 else { return scans }
      }
      let place = position - first
      guard window[place] == 0xff else {
        position += 1
        continue
      }
      switch window[place + 1] {
      // In image data a 0 follows each 0xff, or a mark to restart at.
      case 0x00, 0x01, 0xd0...0xd8: position += 2
      case 0xff: position += 1
      case 0xd9: return scans
      case let marker:
        if marker == 0xda { scans += 1 }
        position +=
          2 + (Int(window[place + 2]) << 8 | Int(window[place + 3]))
      }
    }
  }
}
