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

  /// Reads samples that stand one after the other as the numbers that they are.
  ///
  /// - Parameters:
  ///   - start: Where they begin.
  ///   - count: How many.
  ///   - store: Is given the number of each, and its value; 0 for what is no
  ///     number.
  @inline(__always)
  func readNumbers(
    _ start: UnsafeRawPointer, _ count: Int, _ store: (Int, Float) -> Void
  ) {
    switch (format, bits) {
    case (1, 8):
      for i in 0..<count {
        store(i, Float(start.load(fromByteOffset: i, as: UInt8.self)))
      }
    case (1, 16):
      for i in 0..<count { store(i, Float(Self.number(start, i, UInt16.self))) }
    case (1, 32):
      for i in 0..<count { store(i, Float(Self.number(start, i, UInt32.self))) }
    case (2, 8):
      for i in 0..<count {
        store(i, Float(start.load(fromByteOffset: i, as: Int8.self)))
      }
    case (2, 16):
      for i in 0..<count { store(i, Float(Self.number(start, i, Int16.self))) }
    case (2, 32):
      for i in 0..<count { store(i, Float(Self.number(start, i, Int32.self))) }
    case (3, _):
      readFloats(start, count) { i, value in store(i, Float(value)) }
    default:
      readPacked(start, count) { i, value in store(i, Float(value)) }
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
        case 16: HalfFloat.value(Self.number(start, i, UInt16.self))
        case 32:
          Double(Float(bitPattern: Self.number(start, i, UInt32.self)))
        default: Double(bitPattern: Self.number(start, i, UInt64.self))
        }
      store(i, value.isFinite ? value : 0)
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
    readPacked(start, count) { i, value in
      store(
        i,
        UInt16(
          isPalette ? value : (value * full + most / 2) / most))
    }
  }

  /// The same as the numbers that they are.
  @inline(__always)
  private func readPacked(
    _ start: UnsafeRawPointer, _ count: Int, _ store: (Int, UInt32) -> Void
  ) {
    let most = UInt32(1) << UInt32(bits) - 1
    for i in 0..<count {
      let bit = i * bits
      var word: UInt32 = 0
      let last = (bit + bits - 1) / 8
      for byte in bit / 8...last {
        word =
          word << 8 | UInt32(start.load(fromByteOffset: byte, as: UInt8.self))
      }
      store(i, word >> UInt32(8 * (last + 1) - bit - bits) & most)
    }
  }
}
