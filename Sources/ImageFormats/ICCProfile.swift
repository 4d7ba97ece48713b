/// What is needed of an ICC profile (ICC.1): whether it is sRGB.
struct ICCProfile {
  /// The text of its description tag.
  let description: String

  /// Reads a profile; `nil` when it breaks the rules so far as they are looked
  /// at, or has no description.
  ///
  /// - Parameter bytes: All of it.
  init?(_ bytes: [UInt8]) {
    // A header of 128 bytes with the mark at 36, then the number of tags, and
    // for each: name, offset, length.
    guard let size = bytes.number(at: 0, count: 4, .big),
      size >= 132, size <= bytes.count, bytes.has("acsp", at: 36),
      let tagCount = bytes.number(at: 128, count: 4, .big),
      tagCount <= (size - 132) / 12
    else { return nil }
    for tag in 0..<tagCount {
      let entry = 132 + 12 * tag
      guard bytes.has("desc", at: entry) else { continue }
      guard let offset = bytes.number(at: entry + 4, count: 4, .big),
        let length = bytes.number(at: entry + 8, count: 4, .big),
        offset >= 132, length <= size - offset, length >= 12
      else { return nil }
      let tagBytes = Array(bytes.dropFirst(offset).prefix(length))
      guard let text = Self.text(tagBytes) else { return nil }
      self.description = text
      return
    }
    return nil
  }

  /// Whether the profile says that it is sRGB.
  var isSRGB: Bool { description.hasPrefix("sRGB") }

  private static func text(_ tag: [UInt8]) -> String? {
    if tag.has("desc", at: 0) {
      // Version 2: a count that includes the final zero, then ASCII.
      guard let count = tag.number(at: 8, count: 4, .big),
        count >= 1, count <= tag.count - 12
      else { return nil }
      let characters = tag[12..<12 + count].prefix { $0 != 0 }
      return String(decoding: characters, as: UTF8.self)
    }
    if tag.has("mluc", at: 0) {
      // Version 4: records of language, country, length, offset; UTF-16. The
      // first record is the profile's own choice.
      guard let records = tag.number(at: 8, count: 4, .big), records >= 1,
        let length = tag.number(at: 20, count: 4, .big),
        let offset = tag.number(at: 24, count: 4, .big),
        offset >= 28, length <= tag.count - offset
      else { return nil }
      let units = stride(from: offset, to: offset + length - 1, by: 2).map {
        UInt16(tag[$0]) << 8 | UInt16(tag[$0 + 1])
      }
      return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
    return nil
  }
}
