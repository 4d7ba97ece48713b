import Rasters

/// The order of colours along the Z-order curve (G. M. Morton 1966).
///
/// Bits of the three samples are interleaved, the highest first, in the order
/// red, green, blue. Colours that agree in the first 3 b bits lie in the same
/// box of a grid with 2^b boxes a side; sorted by code, every such box is one
/// range.
enum MortonCode {
  /// Bits of a code.
  static let bits = 24

  /// The code's upper half: which of the 16 × 16 × 16 coarse boxes.
  static let boxes = 1 << 12

  /// The code's lower half: which of the 16 × 16 × 16 colours in a box.
  static let colorsInBox = 1 << 12

  /// The bits of a sample, each moved to three times its place.
  static let spread: [UInt32] = (0..<256).map { sample in
    (0..<8).reduce(0) { code, bit in
      code | (UInt32(sample >> bit) & 1) << UInt32(3 * bit)
    }
  }

  /// The code of a colour.
  static func encode(_ color: RGBColor) -> UInt32 {
    spread[Int(color.red)] << 2 | spread[Int(color.green)] << 1
      | spread[Int(color.blue)]
  }

  /// The colour of a code.
  static func decode(_ code: UInt32) -> RGBColor {
    RGBColor(
      red: gather(code >> 2), green: gather(code >> 1), blue: gather(code))
  }

  /// Every third bit of a code.
  private static func gather(_ code: UInt32) -> UInt8 {
    var bits = code & 0o11_111_111
    bits = (bits | bits >> 2) & 0x000c_30c3
    bits = (bits | bits >> 4) & 0x0000_f00f
    bits = (bits | bits >> 8) & 0x0000_00ff
    return UInt8(truncatingIfNeeded: bits)
  }
}
