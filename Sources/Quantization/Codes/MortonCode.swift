import CKernels
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

  /// The codes of pixels, some at a time.
  ///
  /// - Parameters:
  ///   - range: The pixels.
  ///   - samples: Red, green and blue of all pixels.
  ///   - body: Gets the number of a first pixel, and the codes of some from
  ///     there on.
  /// - Complexity: O(pixels).
  @inline(__always)
  static func forEach(
    _ range: Range<Int>, of samples: UnsafeBufferPointer<UInt8>,
    _ body: (_ first: Int, _ codes: UnsafeBufferPointer<UInt32>) -> Void
  ) {
    precondition(range.lowerBound >= 0 && 3 * range.upperBound <= samples.count)
    guard let start = samples.baseAddress, !range.isEmpty else { return }
    // A kilobyte still comes from the stack.
    withUnsafeTemporaryAllocation(
      of: UInt32.self, capacity: min(range.count, 256)
    ) { codes in
      guard let room = codes.baseAddress else { return }
      var first = range.lowerBound
      while first < range.upperBound {
        let count = min(codes.count, range.upperBound - first)
        write(start + 3 * first, count, samples.count - 3 * first, to: room)
        body(first, UnsafeBufferPointer(start: room, count: count))
        first += count
      }
    }
  }

  /// Writes the codes of pixels.
  ///
  /// - Parameters:
  ///   - samples: Red, green and blue of one after the other.
  ///   - count: How many pixels.
  ///   - readable: How many samples there are, of these and others behind.
  ///   - codes: Room for them.
  private static func write(
    _ samples: UnsafePointer<UInt8>, _ count: Int, _ readable: Int,
    to codes: UnsafeMutablePointer<UInt32>
  ) {
    var first = 0
    if hasKernel {
      // The kernel takes eight at a time, and reads four bytes too many.
      first = min(count, max(0, readable - 4) / 3) & ~7
      qk_morton_codes(samples, first, codes)
    }
    spread.withUnsafeBufferPointer { spread in
      for n in first..<count {
        let sample = samples + 3 * n
        codes[n] =
          spread[Int(sample[0])] << 2 | spread[Int(sample[1])] << 1
          | spread[Int(sample[2])]
      }
    }
  }

  private static let hasKernel = qk_available()

  /// The colour of a code.
  @inline(__always)
  static func decode(_ code: UInt32) -> RGBColor {
    RGBColor(
      red: gather(code >> 2), green: gather(code >> 1), blue: gather(code))
  }

  /// Every third bit of a code.
  @inline(__always)
  private static func gather(_ code: UInt32) -> UInt8 {
    var bits = code & 0o11_111_111
    bits = (bits | bits >> 2) & 0x000c_30c3
    bits = (bits | bits >> 4) & 0x0000_f00f
    bits = (bits | bits >> 8) & 0x0000_00ff
    return UInt8(truncatingIfNeeded: bits)
  }
}
