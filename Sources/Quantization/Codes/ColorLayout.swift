import Rasters

/// How the colours of an image are numbered, so that colours that stand near
/// each other have numbers near each other (Morton codes, see ``MortonCode``).
enum ColorLayout: Sendable {
  /// Opaque, 8 bits a sample: 24 bits.
  case rgb8

  /// Opaque, 16 bits a sample: 48 bits.
  case rgb16

  /// With alpha, 16 bits a sample: 64 bits, alpha's first. All fully
  /// transparent colours are number 0.
  case rgba16

  /// Bits of a code.
  var bits: Int {
    switch self {
    case .rgb8: 24
    case .rgb16: 48
    case .rgba16: 64
    }
  }

  /// The bits of a code that are blue's.
  private var blueBits: UInt64 {
    switch self {
    case .rgb8, .rgb16: 0o1_111_111_111_111_111
    case .rgba16: 0x1111_1111_1111_1111
    }
  }

  /// Whether a colour's red, green and blue are equal; complete transparency is
  /// such a colour.
  func isGrey(_ code: UInt64) -> Bool {
    let mask = blueBits
    return (code ^ code >> 1) & mask == 0 && (code ^ code >> 2) & mask == 0
  }

  /// The colour of a code: red, green, blue, alpha, 16 bits each.
  @inline(__always)
  func color(_ code: UInt64) -> SIMD4<UInt16> {
    switch self {
    case .rgb8:
      let color = MortonCode.decode(UInt32(truncatingIfNeeded: code))
      return SIMD4(
        UInt16(color.red) * 257, UInt16(color.green) * 257,
        UInt16(color.blue) * 257, .max)
    case .rgb16:
      return SIMD4(
        DeepMortonCode.gather3(code >> 2), DeepMortonCode.gather3(code >> 1),
        DeepMortonCode.gather3(code), .max)
    case .rgba16:
      return SIMD4(
        DeepMortonCode.gather4(code >> 2), DeepMortonCode.gather4(code >> 1),
        DeepMortonCode.gather4(code), DeepMortonCode.gather4(code >> 3))
    }
  }

  /// The code of a colour.
  ///
  /// - Parameter color: Red, green, blue, alpha, 16 bits each.
  /// - Returns: The code that `color(_:)` gives the colour of.
  func code(of color: SIMD4<UInt16>) -> UInt64 {
    func bits(_ sample: UInt16, _ spread: [UInt64], _ shift: UInt64) -> UInt64 {
      spread[Int(sample >> 8)] << shift | spread[Int(sample & 255)]
    }
    switch self {
    case .rgb8:
      return code16(color, DeepMortonCode.spread3, 24) >> 24
    case .rgb16:
      return code16(color, DeepMortonCode.spread3, 24)
    case .rgba16:
      guard color.w > 0 else { return 0 }
      return bits(color.w, DeepMortonCode.spread4, 32) << 3
        | code16(color, DeepMortonCode.spread4, 32)
    }
    func code16(
      _ color: SIMD4<UInt16>, _ spread: [UInt64], _ shift: UInt64
    ) -> UInt64 {
      bits(color.x, spread, shift) << 2 | bits(color.y, spread, shift) << 1
        | bits(color.z, spread, shift)
    }
  }
}
