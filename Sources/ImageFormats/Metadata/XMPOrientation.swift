/// The orientation in an XMP packet, the property `Orientation` of TIFF's
/// namespace (XMP Specification Part 2, 2.6): an attribute or an element with one
/// digit. Its prefix is usually `tiff`, but may be any.
enum XMPOrientation {
  private static let name = Array("Orientation".utf8)
  private static let namespace = Array("http://ns.adobe.com/tiff/1.0/".utf8)
  private static let usualPrefix = Array("tiff".utf8)
  private static let declaration = Array("xmlns".utf8)
  private static let colon = UInt8(ascii: ":")
  private static let tagStart = UInt8(ascii: "<")
  private static let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]

  /// The first orientation of a packet.
  ///
  /// - Parameter packet: An XMP packet in UTF-8, whole or not.
  /// - Returns: `nil` where there is none from 1 to 8.
  /// - Complexity: O(bytes).
  static func first(in packet: [UInt8]) -> ExifOrientation? {
    places(in: packet).lazy.compactMap {
      ExifOrientation(Int(packet[$0]) - Int(UInt8(ascii: "0")))
    }.first
  }

  /// Sets every orientation from 2 to 8 to 1; no other byte changes, nor does
  /// the length.
  ///
  /// - Parameter packet: An XMP packet in UTF-8, whole or not.
  /// - Complexity: O(bytes).
  static func reset(in packet: inout [UInt8]) {
    for place in places(in: packet)
    where (UInt8(ascii: "2")...UInt8(ascii: "8")).contains(packet[place]) {
      packet[place] = UInt8(ascii: "1")
    }
  }

  /// Where the digits of orientations stand.
  private static func places(in packet: [UInt8]) -> [Int] {
    let ends = occurrences(of: name, in: packet)
    guard !ends.isEmpty else { return [] }
    let prefixes = prefixes(in: packet)
    return ends.compactMap { start in
      let prefix = prefix(in: packet, before: start)
      let first = start - (prefix.isEmpty ? 0 : prefix.count + 1)
      let before = first > 0 ? packet[first - 1] : 0x20
      // Only elements belong to a namespace that has no prefix.
      guard isSpace(before) || before == tagStart || quotes.contains(before),
        prefixes.contains(Array(prefix)),
        !prefix.isEmpty || before == tagStart
      else { return nil }
      return before == tagStart
        ? element(in: packet, behind: start + name.count)
        : attribute(in: packet, behind: start + name.count)
    }
  }

  /// The prefixes that stand for TIFF's namespace; of a packet that says
  /// nothing of it, the usual one.
  private static func prefixes(in packet: [UInt8]) -> Set<[UInt8]> {
    let declared = occurrences(of: namespace, in: packet).compactMap {
      declaredPrefix(in: packet, before: $0)
    }
    guard declared.isEmpty else { return Set(declared) }
    let others = declaration + [colon] + usualPrefix
    return occurrences(of: others, in: packet).isEmpty ? [usualPrefix] : []
  }

  /// The prefix that `xmlns:tiff="` declares, read backwards from a namespace;
  /// empty of `xmlns="`.
  private static func declaredPrefix(
    in packet: [UInt8], before start: Int
  ) -> [UInt8]? {
    let end = start + namespace.count
    guard start > 0, end < packet.count, quotes.contains(packet[start - 1]),
      packet[end] == packet[start - 1]
    else { return nil }
    func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      text.dropLast(text.reversed().prefix(while: isSpace).count)
    }
    let assignment = trimmed(packet[..<(start - 1)])
    guard assignment.last == UInt8(ascii: "=") else { return nil }
    let attribute = trimmed(assignment.dropLast())
    if attribute.suffix(declaration.count).elementsEqual(declaration) {
      return []
    }
    let prefix = attribute.suffix(
      attribute.reversed().prefix(while: isName).count)
    let rest = attribute.dropLast(prefix.count)
    let isDeclared =
      rest.last == colon
      && rest.dropLast().suffix(declaration.count).elementsEqual(declaration)
    return isDeclared && !prefix.isEmpty ? Array(prefix) : nil
  }

  /// The prefix of a name, without its colon; empty where there is none.
  private static func prefix(
    in packet: [UInt8], before start: Int
  ) -> ArraySlice<UInt8> {
    guard start > 0, packet[start - 1] == colon else { return [] }
    let rest = packet[..<(start - 1)]
    return rest.suffix(rest.reversed().prefix(while: isName).count)
  }

  /// Where the digit stands in `="6"` or `='6'`, with white space wherever XML
  /// has it.
  private static func attribute(
    in packet: [UInt8], behind start: Int
  ) -> Int? {
    var rest = packet[start...].drop(while: isSpace)
    guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
    rest = rest.drop(while: isSpace)
    guard let quote = rest.popFirst(), quotes.contains(quote) else {
      return nil
    }
    return digit(rest, before: quote)
  }

  /// Where the digit stands in `>6<`, behind any attributes.
  private static func element(
    in packet: [UInt8], behind start: Int
  ) -> Int? {
    var rest = packet[start...]
    guard let next = rest.first, isSpace(next) || next == UInt8(ascii: ">")
    else { return nil }
    while let byte = rest.popFirst(), byte != UInt8(ascii: ">") {
      guard byte != UInt8(ascii: "/"), byte != tagStart else { return nil }
      if quotes.contains(byte) {
        rest = rest.drop { $0 != byte }.dropFirst()
      }
    }
    return digit(rest, before: tagStart)
  }

  /// Where a digit from 1 to 8 stands that is all there is before an end.
  private static func digit(
    _ text: ArraySlice<UInt8>, before end: UInt8
  ) -> Int? {
    var rest = text.drop(while: isSpace)
    let place = rest.startIndex
    guard let digit = rest.popFirst(),
      (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(digit)
    else { return nil }
    return rest.drop(while: isSpace).first == end ? place : nil
  }

  /// Where some bytes begin.
  private static func occurrences(
    of wanted: [UInt8], in packet: [UInt8]
  ) -> [Int] {
    var places: [Int] = []
    var position = 0
    while position + wanted.count <= packet.count {
      if packet[position] == wanted[0],
        packet[position..<position + wanted.count].elementsEqual(wanted)
      {
        places.append(position)
        position += wanted.count
      } else {
        position += 1
      }
    }
    return places
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    [0x09, 0x0a, 0x0d, 0x20].contains(byte)
  }

  /// Whether a byte may stand in the prefix of a name.
  private static func isName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || [UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || byte == UInt8(ascii: "_")
  }
}
