import Testing

/// A ZIP archive of stored entries, read by the letter of its central
/// directory.
struct StoredArchive {
  /// Names, in their order.
  private(set) var names: [String] = []

  private var contents: [String: [UInt8]] = [:]

  init(_ bytes: [UInt8]) throws {
    func number(_ start: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
    let end = bytes.count - 22
    try #require(end >= 0 && number(end, 4) == 0x0605_4b50)
    var place = number(end + 16, 4)
    for _ in 0..<number(end + 10, 2) {
      try #require(number(place, 4) == 0x0201_4b50)
      try #require(number(place + 10, 2) == 0)
      let size = number(place + 24, 4)
      let nameCount = number(place + 28, 2)
      let local = number(place + 42, 4)
      let name = String(
        decoding: bytes[place + 46..<place + 46 + nameCount], as: UTF8.self)
      try #require(number(local, 4) == 0x0403_4b50)
      let start =
        local + 30 + number(local + 26, 2) + number(local + 28, 2)
      let content = Array(bytes[start..<start + size])
      #expect(number(place + 16, 4) == Int(Self.checksum(content)))
      #expect(number(local + 14, 4) == number(place + 16, 4))
      #expect(number(local + 22, 4) == size)
      names.append(name)
      contents[name] = content
      place += 46 + nameCount + number(place + 30, 2) + number(place + 32, 2)
    }
  }

  func content(_ name: String) throws -> [UInt8] {
    try #require(contents[name])
  }

  /// CRC-32, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var state = UInt32.max
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 {
        state = state >> 1 ^ (state & 1 == 1 ? 0xedb8_8320 : 0)
      }
    }
    return ~state
  }
}
