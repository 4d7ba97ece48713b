import Rasters

/// How the colours of an image are numbered, so that colours that stand near
/// each other have numbers near each other (Morton codes, see ``MortonCode``).
enum ColorLayout: Sendable {
  /// Opaque, 8 bits a sample: 24 bits.
  case rgb8

  /// Opaque, 16 bits a sample: 48 bits.
  case rgb16

  /// With alpha, 16 bits a sample: 64 bits, alpha's first. All fully transparent
  /// colours are number 0.
  case rgba16

  /// Bits of a code.
  var bits: Int {
    switch self {
    case .rgb8: 24
    case .rgb16: 48
    case .rgba16: 64
    }
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
}
