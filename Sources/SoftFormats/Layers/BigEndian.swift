extension [UInt8] {
  /// Appends a number, the highest byte first.
  @inline(__always)
  mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }

  /// Appends zeros until the length is a multiple of a number.
  mutating func pad(to multiple: Int) {
    while count % multiple != 0 { append(0) }
  }
}
