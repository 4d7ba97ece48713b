/// The names of slices that ImageJ keeps in fields of its own: counts of bytes in
/// one, a list of kinds and then the texts in the other, in UTF-16
/// (ij.io.TiffDecoder).
enum ImageJLabels {
  /// The names.
  ///
  /// - Parameters:
  ///   - counts: The elements of field 50838, numbers of 32 bits in the machine's
  ///     order.
  ///   - bytes: Those of field 50839.
  /// - Returns: None where there are none, or the fields are not as expected.
  static func read(counts: [UInt8], _ bytes: [UInt8]) -> [String] {
    let lengths = counts.withUnsafeBytes { counts in
      (0..<counts.count / 4).map {
        Int(counts.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      }
    }
    guard bytes.count >= 12, let header = lengths.first, header <= bytes.count
    else { return [] }
    let isLittle = bytes.starts(with: Array("JIJI".utf8))
    guard isLittle || bytes.starts(with: Array("IJIJ".utf8)) else { return [] }
    func number(_ place: Int) -> Int {
      (0..<4).reduce(0) { sum, i in
        sum << 8 | Int(bytes[place + (isLittle ? 3 - i : i)])
      }
    }
    var next = 1
    var start = header
    for place in stride(from: 4, to: header - 7, by: 8) {
      let count = number(place + 4)
      guard count >= 0, next + count <= lengths.count else { return [] }
      let own = lengths[next..<next + count]
      let kind = (0..<4).map { bytes[place + (isLittle ? 3 - $0 : $0)] }
      if kind == Array("labl".utf8) {
        return own.map { length in
          defer { start += length }
          guard length <= bytes.count - start else { return "" }
          return text(bytes[start..<start + length], isLittle)
        }
      }
      for length in own {
        guard length <= bytes.count - start else { return [] }
        start += length
      }
      next += count
    }
    return []
  }

  private static func text(_ bytes: ArraySlice<UInt8>, _ isLittle: Bool)
    -> String
  {
    let bytes = Array(bytes)
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { i in
      isLittle
        ? UInt16(bytes[i]) | UInt16(bytes[i + 1]) << 8
        : UInt16(bytes[i]) << 8 | UInt16(bytes[i + 1])
    }
    return String(decoding: units, as: UTF16.self)
  }
}
