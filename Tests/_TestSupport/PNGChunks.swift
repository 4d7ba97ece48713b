/// The chunks of a PNG, taken apart without libpng.
public struct PNGChunks {
  /// Names and payloads in the order of the file.
  public let all: [(name: String, payload: [UInt8])]

  /// Takes a file apart; `nil` when a length leads beyond its end. CRCs are
  /// not looked at.
  public init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: PNGBuilder.signature) else { return nil }
    var found: [(name: String, payload: [UInt8])] = []
    var position = 8
    while position < bytes.count {
      guard position + 12 <= bytes.count else { return nil }
      let length = bytes[position..<position + 4].reduce(0) {
        $0 << 8 | Int($1)
      }
      guard position + 12 + length <= bytes.count else { return nil }
      let name = String(
        decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      let payload = bytes[position + 8..<position + 8 + length]
      found.append((name, Array(payload)))
      position += 12 + length
    }
    all = found
  }

  /// The names in the order of the file.
  public var names: [String] { all.map { $0.name } }

  /// The payload of the first chunk of a name.
  public subscript(name: String) -> [UInt8]? {
    all.first { $0.name == name }?.payload
  }
}
