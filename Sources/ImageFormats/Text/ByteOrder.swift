/// In which order the bytes of a number stand.
enum ByteOrder {
  /// The most significant byte first.
  case big
  /// The least significant byte first.
  case little
}

extension [UInt8] {
  /// The unsigned number of `count` bytes that begins `offset` bytes from the
  /// start, or `nil` when it would reach beyond the end.
  ///
  /// - Precondition: `count` is 1 to 4.
  func number(at offset: Int, count width: Int, _ order: ByteOrder) -> Int? {
    guard offset >= 0, offset <= count - width else { return nil }
    var value = 0
    for i in 0..<width {
      let position = order == .big ? i : width - 1 - i
      value = value << 8 | Int(self[offset + position])
    }
    return value
  }

  /// Whether the ASCII characters of `text` stand `offset` bytes from the
  /// start.
  func has(_ text: String, at offset: Int) -> Bool {
    guard offset >= 0, offset <= count - text.utf8.count else { return false }
    return self.dropFirst(offset).starts(with: text.utf8)
  }
}
