/// Morton codes of colours with 16 bits a sample.
enum DeepMortonCode {
  /// The bits of a byte, each moved to three times its place.
  static let spread3: [UInt64] = spread(3)

  /// The bits of a byte, each moved to four times its place.
  static let spread4: [UInt64] = spread(4)

  private static func spread(_ step: Int) -> [UInt64] {
    (0..<256).map { byte in
      (0..<8).reduce(UInt64(0)) { code, bit in
        code | (UInt64(byte >> bit) & 1) << UInt64(step * bit)
      }
    }
  }

  /// Every third bit of a code, 16 of them.
  @inline(__always)
  static func gather3(_ code: UInt64) -> UInt16 {
    var bits = code & 0x0000_2492_4924_9249
    bits = (bits | bits >> 2) & 0x10c3_0c30_c30c_30c3
    bits = (bits | bits >> 4) & 0x100f_00f0_0f00_f00f
    bits = (bits | bits >> 8) & 0x001f_0000_ff00_00ff
    bits = (bits | bits >> 16) & 0x001f_0000_0000_ffff
    bits |= bits >> 32
    return UInt16(truncatingIfNeeded: bits)
  }

  /// Every fourth bit of a code, 16 of them.
  @inline(__always)
  static func gather4(_ code: UInt64) -> UInt16 {
    var bits = code & 0x1111_1111_1111_1111
    bits = (bits | bits >> 3) & 0x0303_0303_0303_0303
    bits = (bits | bits >> 6) & 0x000f_000f_000f_000f
    bits = (bits | bits >> 12) & 0x0000_00ff_0000_00ff
    bits = (bits | bits >> 24) & 0xffff
    return UInt16(truncatingIfNeeded: bits)
  }
}
