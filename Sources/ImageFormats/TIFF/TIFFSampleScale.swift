import CSoftShims

/// How the samples of a TIFF become those of 8 or 16 bits.
struct TIFFSampleScale {
  private let bits: Int

  /// 1 unsigned, 2 signed, 3 floating point.
  private let format: Int

  /// Whether samples are indices, which are not scaled.
  private let isPalette: Bool

  init(_ layout: qz_tiff_header) {
    bits = Int(layout.bits)
    // Undefined data are taken as unsigned, as libtiff and others do.
    format = layout.format == 4 ? 1 : Int(layout.format)
    isPalette = layout.photometric == 3
  }

  /// Whether there are samples of this kind.
  var isKnown: Bool {
    switch format {
    case 1: (1...16).contains(bits) || bits == 32
    case 2: [8, 16, 32].contains(bits)
    case 3: [16, 32, 64].contains(bits)
    default: false
    }
  }

  var isFloat: Bool { format == 3 }

  /// Bytes a sample of the result, 1 or 2.
  var sampleBytes: Int { bits <= 8 ? 1 : 2 }

  /// Reads samples that stand one after the other.
  ///
  /// - Parameters:
  ///   - start: Where they begin.
  ///   - count: How many.
  ///   - floats: What of floats becomes 0 and the greatest number.
  ///   - store: Is given the number of each, and its value.
  @inline(__always)
  func read(
    _ start: UnsafeRawPointer, _ count: Int, floats: ClosedRange<Double>,
    _ store: (Int, UInt16) -> Void
  ) {
    switch (format, bits) {
    case (1, 8):
      for i in 0..<count {
        store(i, UInt16(start.load(fromByteOffset: i, as: UInt8.self)))
      }
    case (1, 16):
      for i in 0..<count { store(i, Self.number(start, i, UInt16.self)) }
    case (1, 32):
      for i in 0..<count {
        store(i, UInt16(Self.number(start, i, UInt32.self) >> 16))
      }
    case (2, 8):
      for i in 0..<count {
        store(i, UInt16(start.load(fromByteOffset: i, as: UInt8.self) ^ 0x80))
      }
    case (2, 16):
      for i in 0..<count {
        store(i, Self.number(start, i, UInt16.self) ^ 0x8000)
      }
    case (2, 32):
      for i in 0..<count {
        store(i, UInt16((Self.number(start, i, UInt32.self) ^ 1 << 31) >> 16))
      }
    case (3, _):
      let width = floats.upperBound - floats.lowerBound
      let scale = width > 0 ? 65_535 / width : 0
      readFloats(start, count) { i, value in
        let place = (value - floats.lowerBound) * scale
        store(i, UInt16(max(0, min(65_535, place.rounded()))))
      }
    default:
      readBits(start, count, store)
    }
  }

  /// Reads floats, one after the other; what is no number is 0.
  @inline(__always)
  func readFloats(
    _ start: UnsafeRawPointer, _ count: Int, _ store: (Int, Double) -> Void
  ) {
    for i in 0..<count {
      let value =
        switch bits {
        case 16: Self.half(Self.number(start, i, UInt16.self))
        case 32:
          Double(Float(bitPattern: Self.number(start, i, UInt32.self)))
        default: Double(bitPattern: Self.number(start, i, UInt64.self))
        }
      store(i, value.isFinite ? value : 0)
    }
  }

  /// A float of 16 bits (IEEE 754 binary16).
  private static func half(_ pattern: UInt16) -> Double {
    let sign = pattern & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(pattern >> 10) & 31
    let fraction = Double(pattern & 1_023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return .nan
    default:
      return sign
        * Double(
          sign: .plus, exponent: exponent - 15,
          significand: 1 + fraction / 1_024)
    }
  }

  @inline(__always)
  private static func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ start: UnsafeRawPointer, _ i: Int, _: Number.Type
  ) -> Number {
    start.loadUnaligned(
      fromByteOffset: i * MemoryLayout<Number>.size, as: Number.self)
  }

  /// Samples that are packed, the highest bit first.
  @inline(__always)
  private func readBits(
    _ start: UnsafeRawPointer, _ count: Int, _ store: (Int, UInt16) -> Void
  ) {
    let most = UInt32(1) << UInt32(bits) - 1
    let full: UInt32 = bits <= 8 ? 255 : 65_535
    for i in 0..<count {
      let bit = i * bits
      var word: UInt32 = 0
      let last = (bit + bits - 1) / 8
      for byte in bit / 8...last {
        word =
          word << 8 | UInt32(start.load(fromByteOffset: byte, as: UInt8.self))
      }
      let value = word >> UInt32(8 * (last + 1) - bit - bits) & most
      store(
        i,
        UInt16(
          isPalette ? value : (value * full + most / 2) / most))
    }
  }
}
