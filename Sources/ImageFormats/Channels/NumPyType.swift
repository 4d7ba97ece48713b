/// The type of the elements of an array of NumPy.
struct NumPyType {
  private enum Kind {
    case unsigned, signed, float
  }

  private let kind: Kind
  private let isBig: Bool

  /// Bytes of an element.
  let bytes: Int

  /// The name as NumPy writes it, without its order: "uint16".
  var name: String {
    let kind = [Kind.unsigned: "uint", .signed: "int", .float: "float"][kind]
    return "\(kind ?? "")\(8 * bytes)"
  }

  /// The type of a description such as `<u2`; `nil` where it is no real number.
  init?(_ description: String) {
    let letters = Array(description.utf8)
    guard letters.count == 3, let bytes = Int(description.suffix(1)) else {
      return nil
    }
    switch (letters[1], bytes) {
    case (UInt8(ascii: "b"), 1), (UInt8(ascii: "u"), 1),
      (UInt8(ascii: "u"), 2), (UInt8(ascii: "u"), 4), (UInt8(ascii: "u"), 8):
      kind = .unsigned
    case (UInt8(ascii: "i"), 1), (UInt8(ascii: "i"), 2),
      (UInt8(ascii: "i"), 4), (UInt8(ascii: "i"), 8):
      kind = .signed
    case (UInt8(ascii: "f"), 2), (UInt8(ascii: "f"), 4),
      (UInt8(ascii: "f"), 8):
      kind = .float
    default:
      return nil
    }
    switch letters[0] {
    case UInt8(ascii: "<"), UInt8(ascii: "|"), UInt8(ascii: "="):
      isBig = false
    case UInt8(ascii: ">"): isBig = true
    default: return nil
    }
    self.bytes = bytes
  }

  /// An element, as a float of either width.
  @inline(__always)
  func number<Number: BinaryFloatingPoint>(
    _ data: UnsafeRawBufferPointer, _ place: Int, as: Number.Type = Number.self
  ) -> Number {
    let offset = place * bytes
    switch bytes {
    case 1:
      let value = data[offset]
      return kind == .signed ? Number(Int8(bitPattern: value)) : Number(value)
    case 2:
      let value = load(data, offset, UInt16.self)
      switch kind {
      case .unsigned: return Number(value)
      case .signed: return Number(Int16(bitPattern: value))
      case .float: return Number(HalfFloat.value(value))
      }
    case 4:
      let value = load(data, offset, UInt32.self)
      switch kind {
      case .unsigned: return Number(value)
      case .signed: return Number(Int32(bitPattern: value))
      case .float: return Number(Float(bitPattern: value))
      }
    default:
      let value = load(data, offset, UInt64.self)
      switch kind {
      case .unsigned: return Number(value)
      case .signed: return Number(Int64(bitPattern: value))
      case .float: return Number(Double(bitPattern: value))
      }
    }
  }

  @inline(__always)
  private func load<Number: FixedWidthInteger & BitwiseCopyable>(
    _ data: UnsafeRawBufferPointer, _ offset: Int, _: Number.Type
  ) -> Number {
    let value = data.loadUnaligned(fromByteOffset: offset, as: Number.self)
    return isBig ? Number(bigEndian: value) : Number(littleEndian: value)
  }
}

/// Floats of 16 bits (IEEE 754 binary16).
enum HalfFloat {
  /// The number of a pattern.
  static func value(_ pattern: UInt16) -> Double {
    let sign = pattern & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(pattern >> 10) & 31
    let fraction = Double(pattern & 1_023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign
        * Double(
          sign: .plus, exponent: exponent - 15,
          significand: 1 + fraction / 1_024)
    }
  }
}
