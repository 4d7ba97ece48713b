/// Reads the numbers of a binary palette one after the other.
struct ByteCursor {
  private var rest: ArraySlice<UInt8>

  /// Starts at the first byte.
  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// The next bytes, or `nil` where there are not so many.
  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// The next number, its most significant byte first.
  mutating func bigEndian<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type
  ) -> Number? {
    bytes(Number.bitWidth / 8)?.reduce(0) { $0 << 8 | Number($1) }
  }

  /// The next number, its least significant byte first.
  mutating func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type
  ) -> Number? {
    bigEndian(type)?.byteSwapped
  }
}

extension [UInt8] {
  /// Appends a number, its most significant byte first.
  mutating func append(bigEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) {
      append(contentsOf: $0)
    }
  }
}
