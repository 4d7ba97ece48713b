/// The orientation in an XMP packet, the property `tiff:Orientation` (XMP
/// Specification Part 2, 2.6): an attribute or an element with one digit.
enum XMPOrientation {
  private static let name = Array("tiff:Orientation".utf8)

  /// Sets every orientation from 2 to 8 to 1; no other byte changes, nor does
  /// the length.
  ///
  /// - Parameter packet: An XMP packet in UTF-8, whole or not.
  /// - Complexity: O(bytes).
  static func reset(in packet: inout [UInt8]) {
    var position = 0
    while position + name.count < packet.count {
      guard packet[position] == name[0],
        packet[position..<position + name.count].elementsEqual(name)
      else {
        position += 1
        continue
      }
      position += name.count
      guard let place = value(in: packet, behind: position) else { continue }
      packet[place] = UInt8(ascii: "1")
      position = place
    }
  }

  /// Where the digit stands in `="6"`, `='6'` or `>6<`, with white space
  /// wherever XML has it.
  private static func value(in packet: [UInt8], behind start: Int) -> Int? {
    var position = start
    func next() -> UInt8? {
      while position < packet.count,
        [0x09, 0x0a, 0x0d, 0x20].contains(packet[position])
      {
        position += 1
      }
      guard position < packet.count else { return nil }
      defer { position += 1 }
      return packet[position]
    }
    let end: UInt8
    switch next() {
    case UInt8(ascii: "="):
      guard let quote = next(),
        quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      else { return nil }
      end = quote
    case UInt8(ascii: ">"):
      end = UInt8(ascii: "<")
    default:
      return nil
    }
    guard let digit = next(),
      (UInt8(ascii: "2")...UInt8(ascii: "8")).contains(digit)
    else { return nil }
    let place = position - 1
    return next() == end ? place : nil
  }
}
