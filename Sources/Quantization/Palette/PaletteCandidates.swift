import Rasters

/// The colours that means round to, each once, in the order of their samples:
/// so that which of two equally near ones a colour goes to depends on the
/// palette alone.
struct PaletteCandidates: Sendable {
  /// The colours.
  private(set) var colors: [RGBColor] = []

  /// Their alphas, 1 to 255; 0 of complete transparency.
  private(set) var alphas: [UInt8] = []

  /// Their samples of 16 bits, alpha the last.
  private(set) var deep: [SIMD4<UInt16>] = []

  /// The bits of a sample.
  let depth: PaletteDepth

  /// How many colours the means would be with 16 bits a sample.
  private(set) var distinctMeans = 0

  /// The component that each comes from, of several the lowest.
  private(set) var components: [Int] = []

  /// Whether each is a pinned colour, which stays even where no pixel has it.
  private(set) var isPinned: [Bool] = []

  /// Where each is in the working space.
  private(set) var points: [SIMD4<Double>] = []

  /// Rounds means.
  ///
  /// - Parameters:
  ///   - means: Points of the working space.
  ///   - isOpaque: Whether each becomes an opaque colour.
  ///   - isTransparent: Whether the first is complete transparency.
  ///   - pinned: The components that are colours to be kept exactly.
  ///   - posterization: The bits that samples of the others have.
  ///   - depth: The bits of a sample; 16 with no posterization alone.
  ///   - space: The working space.
  init(
    rounding means: [SIMD4<Double>], isOpaque: [Bool],
    isTransparent: Bool = false, pinned: Range<Int>,
    _ posterization: Posterization, _ depth: PaletteDepth,
    in space: CompositeSpace
  ) {
    func deep(_ c: Int) -> UInt64 {
      c > 0 || !isTransparent
        ? space.deepColor(means[c], isOpaque: isOpaque[c]).number : 0
    }
    var componentOf: [UInt64: Int] = [:]
    for c in means.indices.reversed() {
      guard depth == .eight, c > 0 || !isTransparent else {
        componentOf[deep(c)] = c
        continue
      }
      let (color, alpha) = space.color(
        means[c], isOpaque: isOpaque[c],
        pinned.contains(c) ? .none : posterization)
      componentOf[Self.deep(color, alpha).number] = c
    }
    self.init(componentOf, depth, pinned: pinned, in: space)
    // Only rounding to 8 bits makes means equal that 16 bits tell apart.
    guard depth == .eight, colors.count < means.count else { return }
    distinctMeans = Set(means.indices.map(deep)).count
  }

  /// Takes colours as they are.
  ///
  /// - Parameters:
  ///   - given: Colours; their numbers are those of the components.
  ///   - isTransparent: Whether complete transparency stands before them.
  ///   - keepsUnused: Whether they stay even where no pixel has them.
  ///   - space: The working space.
  init(
    _ given: [FixedPalette.Color], isTransparent: Bool, keepsUnused: Bool,
    in space: CompositeSpace
  ) {
    let first = isTransparent ? 1 : 0
    var componentOf: [UInt64: Int] = isTransparent ? [0: 0] : [:]
    for (c, color) in given.enumerated().reversed() {
      componentOf[Self.deep(color.color, color.alpha).number] = first + c
    }
    self.init(
      componentOf, .eight,
      pinned: keepsUnused ? first..<first + given.count : 0..<0, in: space)
  }

  /// Puts colours in their order.
  private init(
    _ componentOf: [UInt64: Int], _ depth: PaletteDepth,
    pinned: Range<Int>, in space: CompositeSpace
  ) {
    self.depth = depth
    for (number, component) in componentOf.sorted(by: { $0.key < $1.key }) {
      let deep = SIMD4<UInt16>(number: number)
      let (color, alpha) = Self.rounded(deep)
      colors.append(color)
      alphas.append(alpha)
      self.deep.append(deep)
      components.append(component)
      isPinned.append(pinned.contains(component))
      points.append(
        depth == .eight ? space.point(color, alpha: alpha) : space.point(deep))
    }
    distinctMeans = colors.count
  }

  /// The samples of 16 bits that a colour of 8 bits is.
  private static func deep(_ color: RGBColor, _ alpha: UInt8) -> SIMD4<UInt16> {
    SIMD4(
      UInt16(color.red), UInt16(color.green), UInt16(color.blue), UInt16(alpha)
    ) &* 257
  }

  /// A colour rounded to 8 bits a sample; what is translucent stays so.
  private static func rounded(
    _ deep: SIMD4<UInt16>
  ) -> (color: RGBColor, alpha: UInt8) {
    func sample(_ d: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: (Int(deep[d]) + 128) / 257)
    }
    let alpha =
      deep.w == 0 || deep.w == .max ? sample(3) : min(254, max(1, sample(3)))
    return (RGBColor(red: sample(0), green: sample(1), blue: sample(2)), alpha)
  }

  /// The candidate that each visible colour is mapped to: the nearest, for an
  /// opaque colour the nearest opaque one if that is near enough.
  ///
  /// - Parameter colors: The colours.
  /// - Returns: A number for each visible colour.
  /// - Throws: `QuantizationError.fit`.
  func nearest(
    to colors: ColorPoints
  ) throws(QuantizationError) -> [UInt16] {
    try colors.nearest(of: points, isOpaque: alphas.map { $0 == 255 })
  }
}

extension SIMD4<UInt16> {
  /// The samples one after the other, as a number.
  fileprivate var number: UInt64 {
    UInt64(x) << 48 | UInt64(y) << 32 | UInt64(z) << 16 | UInt64(w)
  }

  /// The samples of such a number.
  fileprivate init(number: UInt64) {
    self.init(
      UInt16(truncatingIfNeeded: number >> 48),
      UInt16(truncatingIfNeeded: number >> 32),
      UInt16(truncatingIfNeeded: number >> 16),
      UInt16(truncatingIfNeeded: number))
  }
}
