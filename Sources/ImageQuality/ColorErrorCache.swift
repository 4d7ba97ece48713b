/// The errors of pairs of colours, of which it remembers those met last: those of
/// an image and its reduction repeat, and ΔE₀₀ takes as long as a hundred look-ups.
/// What the second of two colours looks like is remembered as well, for reductions
/// have few.
///
/// A pair has one place, and whoever comes later takes it. What is found is the
/// same to the last bit as what would be computed.
struct ColorErrorCache {
  private typealias Pair = SIMD8<UInt16>

  private let backdrop: Backdrop
  private let shift: UInt64
  private var pairs: [Pair]
  private var errors: [ColorErrors]

  private static let seenBits: UInt64 = 10
  private var seenColors: [SIMD4<UInt16>]

  /// For each of `seenColors` one on each background.
  private var seen: [SeenColor]

  /// An empty cache.
  ///
  /// - Parameters:
  ///   - backdrop: What colours are shown on.
  ///   - pixels: How many pairs will be asked for, about; memory is 40 bytes
  ///     for each, at most 2.6 MB, and 200 kB.
  init(on backdrop: Backdrop, pixels: Int) {
    self.backdrop = backdrop
    var bits: UInt64 = 8
    while bits < 16, 1 << bits < pixels { bits += 1 }
    shift = 64 - bits
    // Two colours that are the same fill it: their errors are 0.
    pairs = [Pair](repeating: .zero, count: 1 << Int(bits))
    errors = [ColorErrors](repeating: ColorErrors(), count: 1 << Int(bits))
    let count = 1 << Int(Self.seenBits)
    seenColors = [SIMD4<UInt16>](repeating: .zero, count: count)
    let transparent = backdrop.levels.map {
      SeenColor(.zero, on: $0, in: backdrop.gamut)
    }
    seen = []
    seen.reserveCapacity(count * transparent.count)
    for _ in 0..<count { seen += transparent }
  }

  /// The errors of two colours; of colours that are not opaque the average over
  /// the backgrounds.
  ///
  /// - Parameters:
  ///   - first: Red, green, blue and alpha of 16 bits.
  ///   - second: The same of a colour of the image that has fewer.
  /// - Returns: Their errors.
  /// - Complexity: O(1).
  @inline(__always)
  mutating func errors(
    _ first: SIMD4<UInt16>, _ second: SIMD4<UInt16>
  ) -> ColorErrors {
    let pair = Pair(lowHalf: first, highHalf: second)
    let words = unsafeBitCast(pair, to: SIMD2<UInt64>.self)
    let place = Int(Self.mixed(words.x, words.y) >> shift)
    if pairs[place] == pair { return errors[place] }
    let found = computed(first, second)
    pairs[place] = pair
    errors[place] = found
    return found
  }

  private mutating func computed(
    _ first: SIMD4<UInt16>, _ second: SIMD4<UInt16>
  ) -> ColorErrors {
    var sum = ColorErrors()
    guard first != second else { return sum }
    // Opaque colours show the same on every background.
    let isOpaque = first.w == .max && second.w == .max
    let levels = isOpaque ? 1 : backdrop.levels.count
    let place = placeOfSeen(second)
    for level in 0..<levels {
      let shown = SeenColor(
        first, on: backdrop.levels[level], in: backdrop.gamut)
      sum.add(shown, seen[place + level])
    }
    return sum / Double(levels)
  }

  /// Where what a colour looks like begins, one for each background.
  private mutating func placeOfSeen(_ color: SIMD4<UInt16>) -> Int {
    let word = unsafeBitCast(color, to: UInt64.self)
    let slot = Int(Self.mixed(word, 0) >> (64 - Self.seenBits))
    let place = slot * backdrop.levels.count
    guard seenColors[slot] != color else { return place }
    seenColors[slot] = color
    for (level, background) in backdrop.levels.enumerated() {
      seen[place + level] = SeenColor(
        color, on: background, in: backdrop.gamut)
    }
    return place
  }

  /// Multiplication by odd numbers near 2⁶⁴ over the golden ratio spreads what
  /// is near each other; the top bits are the best mixed.
  @inline(__always)
  private static func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let mixed =
      (first &* 0x9e37_79b9_7f4a_7c15) ^ (second &* 0xc2b2_ae3d_27d4_eb4f)
    return mixed &* 0x9e37_79b9_7f4a_7c15
  }
}
