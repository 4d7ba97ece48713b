import Rasters

/// The colours that means round to, each once, in the order of their samples:
/// so that which of two equally near ones a colour goes to depends on the
/// palette alone.
struct PaletteCandidates: Sendable {
  /// The colours.
  private(set) var colors: [RGBColor] = []

  /// Their alphas, 1 to 255; 0 of complete transparency.
  private(set) var alphas: [UInt8] = []

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
  ///   - space: The working space.
  init(
    rounding means: [SIMD4<Double>], isOpaque: [Bool],
    isTransparent: Bool = false, pinned: Range<Int>,
    _ posterization: Posterization, in space: CompositeSpace
  ) {
    var componentOf: [UInt64: Int] = [:]
    for c in means.indices.reversed() {
      guard c > 0 || !isTransparent else {
        componentOf[0] = 0
        continue
      }
      let (color, alpha) = space.color(
        means[c], isOpaque: isOpaque[c],
        pinned.contains(c) ? .none : posterization)
      componentOf[UInt64(color.packed) << 8 | UInt64(alpha)] = c
    }
    self.init(componentOf, pinned: pinned, in: space)
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
      componentOf[UInt64(color.color.packed) << 8 | UInt64(color.alpha)] =
        first + c
    }
    self.init(
      componentOf, pinned: keepsUnused ? first..<first + given.count : 0..<0,
      in: space)
  }

  /// Puts colours, `0xRRGGBBAA`, in their order.
  private init(
    _ componentOf: [UInt64: Int], pinned: Range<Int>, in space: CompositeSpace
  ) {
    for (key, component) in componentOf.sorted(by: { $0.key < $1.key }) {
      let color = RGBColor(packed: UInt32(truncatingIfNeeded: key >> 8))
      let alpha = UInt8(truncatingIfNeeded: key)
      colors.append(color)
      alphas.append(alpha)
      components.append(component)
      isPinned.append(pinned.contains(component))
      points.append(space.point(color, alpha: alpha))
    }
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
