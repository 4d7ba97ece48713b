/// The samples of pixels that are numbers.
struct BMPParts {
  private struct Part {
    let shift: UInt32
    let mask: UInt32
    let greatest: UInt64
  }

  private let parts: [Part]

  /// The greatest sample.
  private let full: UInt64

  /// The byte of a pixel in which each part is, where parts are whole bytes.
  let bytes: [Int]?

  /// Creates the way to samples.
  ///
  /// - Parameters:
  ///   - masks: The bits of red, green, blue and alpha, each one run.
  ///   - sampleBytes: 1 or 2.
  init(_ masks: [UInt32], sampleBytes: Int) {
    full = sampleBytes == 2 ? 65_535 : 255
    let places = masks.filter { $0 != 0 }.map { mask in
      (0..<4).first { mask == 0xff << UInt32(8 * $0) }
    }
    bytes = places.contains(nil) ? nil : places.compactMap(\.self)
    parts = masks.map { mask in
      let shift = mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount)
      return Part(
        shift: shift, mask: mask >> shift,
        greatest: UInt64(mask >> shift))
    }
  }

  /// A sample: the part of all ones is the greatest, and others are in proportion,
  /// rounded. A part without bits is 0.
  subscript(_ channel: Int, _ pixel: UInt32) -> UInt16 {
    let part = parts[channel]
    guard part.greatest > 0 else { return 0 }
    let value = UInt64(pixel >> part.shift & part.mask)
    guard part.greatest != full else {
      return UInt16(truncatingIfNeeded: value)
    }
    return UInt16(
      truncatingIfNeeded: (value * full + part.greatest / 2) / part.greatest)
  }
}
