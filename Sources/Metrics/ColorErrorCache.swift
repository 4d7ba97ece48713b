import Rasters

/// Remembers the errors of the pairs of colours met last: those of an image and
/// its reduction repeat, and ΔE₀₀ takes as long as a hundred look-ups.
///
/// A pair has one place, and whoever comes later takes it.
struct ColorErrorCache {
  private typealias Pair = SIMD8<UInt16>

  private static let bits = 13

  private let backdrop: Backdrop
  private var pairs: [Pair]
  private var errors: [ColorErrors]

  /// An empty cache, of some 300 kB.
  init(on backdrop: Backdrop) {
    self.backdrop = backdrop
    // Two colours that are the same fill it: their errors are 0.
    pairs = [Pair](repeating: .zero, count: 1 << Self.bits)
    errors = [ColorErrors](repeating: ColorErrors(), count: 1 << Self.bits)
  }

  /// The errors of two colours: what ``ColorErrors`` computes, to the last bit.
  ///
  /// - Complexity: O(1).
  @inline(__always)
  mutating func errors(
    _ first: SIMD4<UInt16>, _ second: SIMD4<UInt16>
  ) -> ColorErrors {
    let pair = Pair(lowHalf: first, highHalf: second)
    let place = Self.place(of: pair)
    if pairs[place] == pair { return errors[place] }
    let found = ColorErrors(first, second, on: backdrop)
    pairs[place] = pair
    errors[place] = found
    return found
  }

  /// Multiplication by odd numbers near 2⁶⁴ over the golden ratio spreads what
  /// is near each other; the top bits are the best mixed.
  @inline(__always)
  private static func place(of pair: Pair) -> Int {
    let words = unsafeBitCast(pair, to: SIMD2<UInt64>.self)
    let mixed =
      (words.x &* 0x9e37_79b9_7f4a_7c15)
      ^ (words.y &* 0xc2b2_ae3d_27d4_eb4f)
    return Int((mixed &* 0x9e37_79b9_7f4a_7c15) >> (64 - bits))
  }
}
