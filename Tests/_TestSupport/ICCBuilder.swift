/// Makes ICC profiles that hold a description and nothing else.
public enum ICCBuilder {
  /// A display profile for RGB, version 2 (a `desc` text in ASCII) or 4 (a
  /// `mluc` text in UTF-16).
  public static func profile(
    description: String, version: UInt8 = 2
  ) -> [UInt8] {
    var text: [UInt8]
    if version >= 4 {
      let units = Array(description.utf16).flatMap {
        [UInt8($0 >> 8), UInt8($0 & 255)]
      }
      text = Array("mluc".utf8) + [0, 0, 0, 0] + bigEndian(1) + bigEndian(12)
      text += Array("enUS".utf8) + bigEndian(units.count) + bigEndian(28)
      text += units
    } else {
      let ascii = Array(description.utf8) + [0]
      text = Array("desc".utf8) + [0, 0, 0, 0] + bigEndian(ascii.count)
      text += ascii + [UInt8](repeating: 0, count: 78)
    }
    while text.count % 4 != 0 { text.append(0) }

    var header = [UInt8](repeating: 0, count: 128)
    func put(_ bytes: [UInt8], at offset: Int) {
      header.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(bigEndian(144 + text.count), at: 0)
    header[8] = version
    put(Array("mntrRGB XYZ ".utf8), at: 12)
    put(Array("acsp".utf8), at: 36)
    // The white of the connection space, D50.
    put(bigEndian(0xf6d6) + bigEndian(0x10000) + bigEndian(0xd32d), at: 68)
    let table =
      bigEndian(1) + Array("desc".utf8) + bigEndian(144)
      + bigEndian(text.count)
    return header + table + text
  }
}
