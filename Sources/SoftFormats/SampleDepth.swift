public import ImageFormats

/// How a responsibility or a colour is written as a sample.
public enum SampleDepth: Int, CaseIterable, Sendable {
  /// A whole number, 255 for 1.
  case eight = 8

  /// A whole number, 65,535 for 1.
  case sixteen = 16

  /// A float as it is.
  case float = 32

  /// The same for a PNG, which has no floats.
  public var png: PNGStream.Depth? { PNGStream.Depth(rawValue: rawValue) }
}

extension PNGStream.Depth {
  /// The sample that stands for 1.
  var most: Double { self == .eight ? 255 : 65_535 }

  /// Bytes of a sample.
  var bytes: Int { rawValue / 8 }

  /// Appends the sample of a number from 0 to 1; others are clamped.
  @inline(__always)
  func append(_ value: Double, to bytes: inout [UInt8]) {
    append(whole: Int((min(1, max(0, value)) * most).rounded()), to: &bytes)
  }

  /// Appends a sample that is a whole number already, 0 to ``most``.
  @inline(__always)
  func append(whole number: Int, to bytes: inout [UInt8]) {
    if self == .sixteen {
      bytes.append(UInt8(truncatingIfNeeded: number >> 8))
    }
    bytes.append(UInt8(truncatingIfNeeded: number))
  }
}
