/// The header of a .npy file, version 1.0 (NumPy enhancement proposal 1).
package enum NumPyArray {
  /// Writes a header.
  ///
  /// - Parameters:
  ///   - type: What an element is: "|u1", "<u2", "<f4", "<f8", "<U4".
  ///   - shape: The lengths of the axes; none for a single number.
  /// - Returns: A multiple of 64 bytes.
  package static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
    let lengths = shape.map(String.init)
    let tuple =
      lengths.count == 1
      ? "(\(lengths[0]),)"
      : "(\(lengths.joined(separator: ", ")))"
    var text = Array(
      "{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let start = 10
    while (start + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0a)
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: text.count))
    return bytes + text
  }

  /// A whole array of double-precision numbers, row after row.
  package static func file(_ numbers: [Double], _ shape: [Int]) -> [UInt8] {
    var bytes = header("<f8", shape)
    for number in numbers { bytes.append(littleEndian: number.bitPattern) }
    return bytes
  }

  /// A whole array of single-precision numbers.
  package static func file(_ numbers: [Float], _ shape: [Int]) -> [UInt8] {
    var bytes = header("<f4", shape)
    for number in numbers { bytes.append(littleEndian: number.bitPattern) }
    return bytes
  }

  /// A whole array of numbers of 16 bits.
  package static func file(_ numbers: [UInt16], _ shape: [Int]) -> [UInt8] {
    var bytes = header("<u2", shape)
    for number in numbers { bytes.append(littleEndian: number) }
    return bytes
  }

  /// A whole array of bytes.
  static func file(_ numbers: [UInt8], _ shape: [Int]) -> [UInt8] {
    header("|u1", shape) + numbers
  }

  /// A text as an array without axes.
  package static func file(_ text: String) -> [UInt8] {
    file([text], shape: [])
  }

  /// Texts as an array of one axis.
  package static func file(_ texts: [String]) -> [UInt8] {
    file(texts, shape: [texts.count])
  }

  private static func file(_ texts: [String], shape: [Int]) -> [UInt8] {
    let texts = texts.map { Array($0.unicodeScalars) }
    let length = max(1, texts.map(\.count).max() ?? 0)
    var bytes = header("<U\(length)", shape)
    for text in texts {
      for scalar in text { bytes.append(littleEndian: scalar.value) }
      for _ in text.count..<length { bytes.append(littleEndian: 0 as UInt32) }
    }
    return bytes
  }
}
