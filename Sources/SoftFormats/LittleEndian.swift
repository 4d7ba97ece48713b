extension [UInt8] {
  /// Appends a number, the lowest byte first.
  @inline(__always)
  mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
